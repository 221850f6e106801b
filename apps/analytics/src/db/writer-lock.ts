import type pg from 'pg';

/**
 * One writer at a time, until its transaction ends. Every batch adds to the same few rows of today's roll-ups, so writers
 * would wait for each other anyway; waiting here, before anything was read, needs no further care. Throughput comes from
 * folding what waits meanwhile into the next batch.
 *
 * All that is done under the lock is found by key. Without statistics, of tables that grow by thousands of rows a second,
 * the planner would read them whole.
 */
export async function lockFacts(client: pg.PoolClient): Promise<void> {
  await client.query({
    name: 'lock-facts',
    text: `SELECT set_config('enable_seqscan', 'off', true),
             pg_advisory_xact_lock(hashtext('couplet'), hashtext('analytics facts'))`,
  });
}

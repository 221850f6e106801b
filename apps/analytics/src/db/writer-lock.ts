import type pg from 'pg';

/**
 * One writer at a time, until its transaction ends. Every batch adds to the same few rows of today's roll-ups, so writers
 * would wait for each other anyway; waiting here, before anything was read, needs no further care. Throughput comes from
 * folding what waits meanwhile into the next batch.
 */
export async function lockFacts(client: pg.PoolClient): Promise<void> {
  await client.query("SELECT pg_advisory_xact_lock(hashtext('couplet'), hashtext('analytics facts'))");
}

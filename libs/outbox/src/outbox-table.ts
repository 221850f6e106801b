import type pg from 'pg';

export interface OutboxRow {
  id: string;
  subject: string;
  payload: string;
  time: Date;
  traceparent: string | null;
}

/**
 * Locks events that are due and that no other relay holds, oldest first. Never by `id > last`: ids are given out in
 * another order than transactions commit, and a row that commits late would be skipped for ever.
 *
 * Each is fetched by a look-up of its own, whatever statistics say of a table that is empty one moment and holds an
 * outage's backlog the next.
 */
export async function takeDue(client: pg.PoolClient, limit: number): Promise<OutboxRow[]> {
  const { rows } = await client.query<OutboxRow>({
    name: 'outbox-take',
    text: `WITH due AS MATERIALIZED (SELECT id FROM outbox_due ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED)
           SELECT event.* FROM due CROSS JOIN LATERAL (
             SELECT id, subject, payload, time, traceparent FROM outbox WHERE outbox.id = due.id LIMIT 1) event`,
    values: [limit],
  });
  return rows;
}

/** @param ids of taken rows, in the order in which they were taken */
export async function markPublished(client: pg.PoolClient, ids: string[]): Promise<void> {
  if (ids.length === 0) return;
  await client.query({
    name: 'outbox-mark-published',
    text: `WITH published AS (DELETE FROM outbox_due WHERE id = ANY ($1::uuid[]))
           INSERT INTO outbox_batch (id, published_at) VALUES ($2, clock_timestamp())`,
    values: [ids, ids[0]],
  });
}

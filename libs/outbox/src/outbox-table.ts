import type pg from 'pg';

export interface OutboxRow {
  id: string;
  subject: string;
  payload: string;
  time: Date;
  traceparent: string | null;
}

/**
 * Locks unpublished rows that no other relay holds. By state, never by `id > last`: ids are given out in another order
 * than transactions commit, and a row that commits late would be skipped for ever.
 */
export async function takeUnpublished(client: pg.PoolClient, limit: number): Promise<OutboxRow[]> {
  const { rows } = await client.query<OutboxRow>({
    name: 'outbox-take',
    text: `SELECT id, subject, payload, time, traceparent FROM outbox
           WHERE published_at IS NULL ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED`,
    values: [limit],
  });
  return rows;
}

export async function markPublished(client: pg.PoolClient, ids: string[]): Promise<void> {
  if (ids.length === 0) return;
  await client.query({
    name: 'outbox-mark-published',
    text: 'UPDATE outbox SET published_at = clock_timestamp() WHERE id = ANY ($1::uuid[])',
    values: [ids],
  });
}

import type pg from 'pg';

const CHUNK = 5_000;

/**
 * Makes events that were published at or after `since` due again, so that a stream which lost them (deleted, or restored
 * from an older copy) and every consumer of it are rebuilt: all from the oldest of them on, also those younger ones that
 * went out before. Event ids stay the same, which makes it safe to replay too much; README.md says what each duplicate
 * meets. Apply the streams first, then replay.
 *
 * In chunks of 5,000, each its own transaction; running relays publish them meanwhile.
 *
 * @param since a moment before the loss, by the clock of the database; at least 30 days back are kept
 * @returns number of events that became due
 */
export async function replay(pool: pg.Pool, { since }: { since: Date }): Promise<number> {
  const oldest = await pool.query<{ id: string }>(
    'SELECT id FROM outbox_batch WHERE published_at >= $1 ORDER BY id LIMIT 1',
    [since],
  );
  // What is appended from here on was not lost. A walk by id skips nothing that was.
  const newest = await pool.query<{ id: string }>('SELECT id FROM outbox ORDER BY id DESC LIMIT 1');
  const [from, to] = [oldest.rows[0]?.id, newest.rows[0]?.id];
  if (from === undefined || to === undefined) return 0;

  let due = 0;
  let chunk = await makeDue(pool, { after: null, from, to });
  while (chunk.last !== null) {
    due += chunk.due;
    chunk = await makeDue(pool, { after: chunk.last, from, to });
  }
  return due;
}

/** Of the first events after `after`, or from `from` on: @returns the last one's id, and how many were not due already */
async function makeDue(
  pool: pg.Pool,
  { after, from, to }: { after: string | null; from: string; to: string },
): Promise<{ last: string | null; due: number }> {
  const { rows } = await pool.query<{ last: string | null; due: number }>(
    `WITH chunk AS (
       SELECT id FROM outbox WHERE id BETWEEN coalesce($1, $2::uuid) AND $3 AND id IS DISTINCT FROM $1
       ORDER BY id LIMIT $4
     ), due AS (
       INSERT INTO outbox_due SELECT id FROM chunk ON CONFLICT DO NOTHING RETURNING id)
     SELECT (SELECT id FROM chunk ORDER BY id DESC LIMIT 1) AS last, (SELECT count(*) FROM due)::int AS due`,
    [after, from, to, CHUNK],
  );
  return rows[0]!;
}

import type pg from 'pg';

const CHUNK = 5_000;

/**
 * Marks rows that were published at or after `since` for publishing again, so that a stream which lost them (deleted,
 * or restored from an older copy) and every consumer of it are rebuilt. Event ids stay the same, which makes it safe
 * to replay too much; README.md says what each duplicate meets. Apply the streams first, then replay.
 *
 * Rows are marked in chunks of 5,000, each its own transaction; running relays publish them meanwhile.
 *
 * @param since a moment before the loss, by the clock of the database; at most 30 days back is kept
 * @returns number of rows marked
 */
export async function replay(pool: pg.Pool, { since }: { since: Date }): Promise<number> {
  // Rows published after this moment are not lost; among them are those that this replay has already marked.
  const started = await pool.query<{ now: Date }>('SELECT clock_timestamp() AS now');
  const until = started.rows[0]?.now;
  let marked = 0;
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    // A walk by id skips nothing here: every row in question was committed before the walk began.
    const { rows } = await pool.query<{ last: string | null; marked: number }>(
      `WITH marked AS (
         UPDATE outbox SET published_at = NULL WHERE id IN (
           SELECT id FROM outbox WHERE id > $1 AND published_at BETWEEN $2 AND $3 ORDER BY id LIMIT $4)
         RETURNING id)
       SELECT (SELECT id FROM marked ORDER BY id DESC LIMIT 1) AS last, (SELECT count(*) FROM marked)::int AS marked`,
      [after, since, until, CHUNK],
    );
    const chunk = rows[0];
    if (!chunk?.last) return marked;
    marked += chunk.marked;
    after = chunk.last;
  }
}

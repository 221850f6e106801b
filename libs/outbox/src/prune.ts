import type pg from 'pg';

const DAY_MS = 86_400_000;
const OUTBOX_DAYS = 30;
/** A row may be published again on its last day in the outbox, and its stream then keeps it for another 30 days. */
const INBOX_DAYS = 2 * OUTBOX_DAYS + 2;
const CHUNK = 5_000;

/**
 * Deletes published outbox rows older than 30 days, and the inbox marks of events older than 62 days, which no stream
 * can deliver again. Unpublished rows stay however old. In chunks of 5,000 rows, each its own transaction; safe beside
 * relays and other prunes. The relay calls it once an hour.
 *
 * @returns rows deleted from the outbox
 */
export async function pruneOutbox(pool: pg.Pool, { now }: { now: Date }): Promise<number> {
  const published = await deleteInChunks(
    pool,
    `DELETE FROM outbox WHERE id IN (
       SELECT id FROM outbox WHERE id < $1 AND published_at IS NOT NULL ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED)`,
    firstIdOf(now.getTime() - OUTBOX_DAYS * DAY_MS),
  );
  await deleteInChunks(
    pool,
    `DELETE FROM inbox WHERE (event_id, consumer) IN (
       SELECT event_id, consumer FROM inbox WHERE event_id < $1 ORDER BY event_id LIMIT $2 FOR UPDATE SKIP LOCKED)`,
    firstIdOf(now.getTime() - INBOX_DAYS * DAY_MS),
  );
  return published;
}

async function deleteInChunks(pool: pg.Pool, text: string, beforeId: string): Promise<number> {
  let deleted = 0;
  for (;;) {
    const { rowCount } = await pool.query(text, [beforeId, CHUNK]);
    deleted += rowCount ?? 0;
    if ((rowCount ?? 0) < CHUNK) return deleted;
  }
}

/** Smallest UUIDv7 of a millisecond (RFC 9562, section 5.7): event ids begin with their time, so age is a range of ids. */
function firstIdOf(unixMs: number): string {
  const time = unixMs.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`;
}

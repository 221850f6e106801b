import type pg from 'pg';

/**
 * Marks an event as taken by a consumer, in the transaction of its effect. When the same event is being taken at the
 * same time elsewhere, this waits for that transaction to end.
 *
 * @returns false if its effect is here already: do nothing, acknowledge
 */
export async function recordOnce(
  client: pg.PoolClient,
  { consumer, eventId }: { consumer: string; eventId: string },
): Promise<boolean> {
  const unseen = await recordUnseen(client, { consumer, eventIds: [eventId] });
  return unseen.has(eventId);
}

/**
 * The same for a batch of events whose effects share one transaction.
 *
 * @returns the ids that were not here before
 */
export async function recordUnseen(
  client: pg.PoolClient,
  { consumer, eventIds }: { consumer: string; eventIds: readonly string[] },
): Promise<Set<string>> {
  // In one order everywhere: two batches that share events then wait for each other instead of deadlocking.
  const { rows } = await client.query<{ event_id: string }>({
    name: 'inbox-record',
    text: `INSERT INTO inbox (consumer, event_id)
           SELECT $1, event_id FROM unnest($2::uuid[]) AS event_id ORDER BY event_id
           ON CONFLICT DO NOTHING RETURNING event_id`,
    values: [consumer, eventIds],
  });
  return new Set(rows.map(({ event_id }) => event_id));
}

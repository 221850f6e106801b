import { applyStreams } from '@couplet/nats';
import type { NatsConnection } from '@nats-io/transport-node';
import type pg from 'pg';
import { deleteConsumers, expiredStreams } from '../clients/event-streams.ts';
import { emptyFacts } from '../db/empty-facts.ts';

/**
 * Empties the facts and has the service read every stream from its first event again. Safe to repeat after a failure at
 * any point, and beside a running service: an event that is being taken meanwhile is either forgotten with the rest or
 * taken once, by the inbox.
 *
 * @param options.discardExpired go on although streams have already dropped events that facts were made of
 * @returns the streams that kept it from starting; nothing was changed then
 */
export async function rebuild(
  pool: pg.Pool,
  connection: NatsConnection,
  { discardExpired = false } = {},
): Promise<{ expired: string[] }> {
  const expired = discardExpired ? [] : await expiredStreams(connection);
  if (expired.length > 0) return { expired };
  await deleteConsumers(connection);
  await emptyFacts(pool);
  await applyStreams(connection);
  return { expired: [] };
}

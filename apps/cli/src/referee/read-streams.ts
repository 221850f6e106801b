import { DEAD_LETTER_STREAM, EVENT_STREAMS } from '@couplet/contracts';
import { schemaOf } from '@couplet/infra';
import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '../topology/start-topology.ts';
import type { Facts } from './facts.ts';
import type { Pool } from './read-facts.ts';

/** How many events the outboxes of services hold, and how many their streams. */
export async function readStreams(
  admin: Pool,
  operator: NatsConnection,
): Promise<Pick<Facts, 'streams' | 'deadLetters'>> {
  const manager = await jetstreamManager(operator);
  const stored = async (stream: string) => BigInt((await manager.streams.info(stream)).state.messages);
  const streams = EVENT_STREAMS.map(async ({ name, publisher }) => {
    const { rows } = await admin.query<{ count: bigint }>(
      `SELECT count(*) FROM ${schemaOf(publisher)}.outbox`,
    );
    return { name, appended: rows[0]!.count, stored: await stored(name) };
  });
  return { streams: await Promise.all(streams), deadLetters: await stored(DEAD_LETTER_STREAM) };
}

import { EVENT_CONSUMERS } from '@couplet/contracts';
import { JetStreamApiCodes, JetStreamApiError, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';

const CONSUMERS = EVENT_CONSUMERS.filter(({ durable }) => durable === 'analytics');

/** Streams whose first events are gone: 30 days are kept. */
export async function expiredStreams(connection: NatsConnection): Promise<string[]> {
  const manager = await jetstreamManager(connection);
  const infos = await Promise.all(CONSUMERS.map(({ stream }) => manager.streams.info(stream)));
  return infos.filter(({ state }) => state.first_seq > 1).map(({ config }) => config.name);
}

/** JetStream cannot move a consumer back; deleted and applied anew it begins at the first event. */
export async function deleteConsumers(connection: NatsConnection): Promise<void> {
  const manager = await jetstreamManager(connection);
  for (const { stream, durable } of CONSUMERS) {
    try {
      await manager.consumers.delete(stream, durable);
    } catch (error) {
      const gone = error instanceof JetStreamApiError && error.code === JetStreamApiCodes.ConsumerNotFound;
      if (!gone) throw error;
    }
  }
}

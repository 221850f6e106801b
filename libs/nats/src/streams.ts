import { DEAD_LETTER_STREAM, DEAD_LETTER_SUBJECTS, EVENT_CONSUMERS, EVENT_STREAMS } from '@couplet/contracts';
import {
  AckPolicy,
  DeliverPolicy,
  DiscardPolicy,
  JetStreamApiCodes,
  JetStreamApiError,
  jetstreamManager,
  ReplayPolicy,
  RetentionPolicy,
  StorageType,
  type ConsumerConfig,
  type JetStreamManager,
  type StreamConfig,
} from '@nats-io/jetstream';
import { nanos, type NatsConnection } from '@nats-io/transport-node';

export interface StreamOptions {
  /** Copies of every stream; 3 on a cluster. */
  readonly replicas?: number;
  /** Of each stream. A full stream refuses events, and the outbox keeps them, while a full disk would stop the server. */
  readonly maxBytes?: number;
}

const DAY_MS = 86_400_000;

/** Every consumer can be rebuilt from this much of the past. */
const MAX_AGE_MS = 30 * DAY_MS;
/** Repeats of the outbox within this time are dropped at the door; later ones meet the inbox of each consumer. */
const DUPLICATE_WINDOW_MS = 600_000;
/** `EVENT_LIMITS.workingEveryMs` is a third of it. */
const ACK_WAIT_MS = 30_000;
/** Of all replicas together; each holds twice its `EventLimits.concurrent` at most. */
const MAX_ACK_PENDING = 4_096;

/**
 * Brings streams and consumers to what the contracts ask for. Run by the deployment, before services start or while they
 * run; a second run changes nothing. Streams of services that are no more are left alone.
 */
export async function applyStreams(connection: NatsConnection, options: StreamOptions = {}): Promise<void> {
  const manager = await jetstreamManager(connection);
  for (const { name, subject } of EVENT_STREAMS)
    await applyStream(manager, streamConfig(name, subject, options));
  await applyStream(manager, streamConfig(DEAD_LETTER_STREAM, DEAD_LETTER_SUBJECTS, options));
  for (const { stream, durable } of EVENT_CONSUMERS) await applyConsumer(manager, stream, durable);
}

type StreamSettings = Partial<StreamConfig> & Pick<StreamConfig, 'name'>;

// A stream binds events only: were it to capture requests, callers would be answered with its PubAck.
function streamConfig(
  name: string,
  subject: string,
  { replicas = 1, maxBytes = 2 ** 30 }: StreamOptions,
): StreamSettings {
  return {
    name,
    subjects: [subject],
    storage: StorageType.File,
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.New,
    max_age: nanos(MAX_AGE_MS),
    max_bytes: maxBytes,
    duplicate_window: nanos(DUPLICATE_WINDOW_MS),
    num_replicas: replicas,
  };
}

// No back-off and no limit of deliveries here: the server's back-off would replace ack_wait, and past its limit it drops
// the event without a word. Both are kept by the consuming service.
function consumerConfig(durable: string): ConsumerConfig {
  return {
    durable_name: durable,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    replay_policy: ReplayPolicy.Instant,
    ack_wait: nanos(ACK_WAIT_MS),
    max_ack_pending: MAX_ACK_PENDING,
    max_deliver: -1,
  };
}

async function applyStream(manager: JetStreamManager, config: StreamSettings): Promise<void> {
  const existing = await found(manager.streams.info(config.name), JetStreamApiCodes.StreamNotFound);
  if (existing) await manager.streams.update(config.name, config);
  else await manager.streams.add(config);
}

async function applyConsumer(manager: JetStreamManager, stream: string, durable: string): Promise<void> {
  const existing = await found(manager.consumers.info(stream, durable), JetStreamApiCodes.ConsumerNotFound);
  if (existing) await manager.consumers.update(stream, durable, consumerConfig(durable));
  else await manager.consumers.add(stream, consumerConfig(durable));
}

async function found<T>(info: Promise<T>, notFoundCode: number): Promise<T | undefined> {
  try {
    return await info;
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === notFoundCode) return undefined;
    throw error;
  }
}

import {
  compiled,
  deadLetterSubject,
  type EventConsumer as Consumed,
  type EventContract,
} from '@couplet/contracts';
import { jetstream, type ConsumerMessages, type JsMsg } from '@nats-io/jetstream';
import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import type { LoggerService } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { Admission } from './admission.ts';
import { readCloudEvent } from './cloud-event.ts';
import type { EventContext } from './contexts.ts';
import type { EventPublisher } from './event-publisher.ts';
import { fieldErrors } from './field-errors.ts';
import { SERVER_ANSWERS_MS, within } from './within.ts';

export interface EventLimits {
  /**
   * Events of one stream in work at once in this process; as many more may be on their way. Handlers that gather fold so
   * many into one transaction at most.
   */
  readonly concurrent: number;
  /** How long an event rests after its first, second, … failure; the last one repeats. */
  readonly backOffMs: readonly number[];
  /** An event that failed so often goes to the dead letters. */
  readonly maxDeliveries: number;
  /** Keeps a long handler's event from being delivered to another; well below the consumer's `ack_wait`. */
  readonly workingEveryMs: number;
}

export const EVENT_LIMITS: EventLimits = {
  concurrent: 256,
  backOffMs: [1_000, 5_000, 15_000, 60_000, 300_000],
  maxDeliveries: 8,
  workingEveryMs: 10_000,
};

export interface EventRoute {
  readonly contract: EventContract;
  handle(event: unknown, context: EventContext): Promise<void>;
}

// nats-server 2.9 mixes up messages that are given back at once while it delivers others: one comes twice, another only
// after ack_wait. Given back with a delay, however short, they come once.
const HAND_OVER_MS = 50;

/**
 * Reads one stream through the service's durable consumer.
 *
 * An event is acknowledged after its handlers returned, that is after their commit. A failed one comes again later; one
 * that can never succeed, or failed too often, is stored as a dead letter first and then given up. The limit of
 * deliveries is kept here and not by the server, which would drop the event without a word.
 */
export class EventConsumer {
  private readonly admission: Admission;
  private readonly inWork = new Set<JsMsg>();
  private messages: ConsumerMessages | undefined;
  private stopping = new AbortController();
  private loop: Promise<void> = Promise.resolve();
  private working: NodeJS.Timeout | undefined;

  /** @param routes by subject */
  constructor(
    private readonly connection: NatsConnection,
    private readonly consumed: Consumed,
    private readonly routes: ReadonlyMap<string, EventRoute>,
    private readonly publisher: EventPublisher,
    private readonly logger: LoggerService,
    private readonly limits: EventLimits = EVENT_LIMITS,
  ) {
    this.admission = new Admission({ concurrent: limits.concurrent, queued: 0 });
  }

  start(): void {
    this.loop = this.run();
    this.working = setInterval(() => this.sayWorking(), this.limits.workingEveryMs);
  }

  /** Pulls no more and waits for the events in work; what is not done after `graceMs` is left to another replica. */
  async drain(graceMs: number): Promise<void> {
    this.stopping.abort();
    this.admission.wake();
    await this.stopPulling();
    await within(
      graceMs,
      this.loop.then(() => this.admission.whenIdle()),
    );
    clearInterval(this.working);
    if (this.connection.isClosed()) return;
    for (const message of this.inWork) message.nak(HAND_OVER_MS);
  }

  /** Pulls, and begins anew whenever pulling broke: the server restarted, or the consumer is not there (yet). */
  private async run(): Promise<void> {
    const { stream, durable } = this.consumed;
    for (let failures = 0; !this.stopping.signal.aborted;) {
      try {
        await this.pull(() => (failures = 0));
      } catch (error) {
        failures++;
        this.logger.warn({ msg: 'cannot read events; trying again', stream, durable, failures, error });
        await this.rest(Math.min(250 * 2 ** failures, 5_000));
      }
    }
  }

  private async pull(onMessage: () => void): Promise<void> {
    const { stream, durable } = this.consumed;
    const consumer = await jetstream(this.connection).consumers.get(stream, durable);
    if (this.stopping.signal.aborted) return;
    // Twice 5 s without a heartbeat is a broken pull; `bind` leaves its repair to us.
    const messages = await consumer.consume({
      max_messages: this.limits.concurrent,
      expires: 10_000,
      idle_heartbeat: 5_000,
      bind: true,
    });
    this.messages = messages;
    void this.watch(messages);
    if (this.stopping.signal.aborted) void this.stopPulling();
    for await (const message of messages) {
      onMessage();
      await this.admission.whenFree();
      if (this.stopping.signal.aborted) message.nak(HAND_OVER_MS);
      else this.admission.admit(() => this.process(message));
    }
  }

  /**
   * Ends the iteration after every message that the server already sent. The library's own `stop()` drops those on their
   * way, and they would come again only after `ack_wait`; draining the subscription, which it understands, keeps them.
   */
  private async stopPulling(): Promise<void> {
    if (!this.messages) return;
    const { sub } = this.messages as unknown as { sub: Subscription };
    if (!sub.isClosed() && !(await within(SERVER_ANSWERS_MS, sub.drain()))) this.messages.stop();
  }

  private async watch(messages: ConsumerMessages): Promise<void> {
    const broken = [
      'heartbeats_missed',
      'consumer_not_found',
      'consumer_deleted',
      'stream_not_found',
      'no_responders',
    ];
    for await (const { type } of messages.status()) {
      if (!broken.includes(type)) continue;
      this.logger.warn({ msg: 'pull broken; beginning anew', stream: this.consumed.stream, reason: type });
      messages.stop();
    }
  }

  private async process(message: JsMsg): Promise<void> {
    this.inWork.add(message);
    try {
      await this.settle(message);
    } catch (error) {
      this.logger.error({ msg: 'could not settle an event', subject: message.subject, error });
    } finally {
      this.inWork.delete(message);
    }
  }

  private async settle(message: JsMsg): Promise<void> {
    const { deliveryCount } = message.info;
    const route = this.routes.get(message.subject);
    if (!route) return message.ack();
    // Delivered once more than it may fail: a process died on it the last time.
    if (deliveryCount > this.limits.maxDeliveries) return this.bury(message, 'delivered too often');

    const read = readEvent(route.contract, message);
    if ('poison' in read) return this.bury(message, read.poison);

    const error = await route.handle(read.payload, read.context).then(
      () => undefined,
      (reason: unknown) => ({ reason }),
    );
    if (!error) return message.ack();
    const { eventId, traceparent } = read.context;
    this.logger.error({
      msg: 'event failed',
      subject: message.subject,
      eventId,
      deliveries: deliveryCount,
      traceparent,
      error: error.reason,
    });
    if (deliveryCount >= this.limits.maxDeliveries) return this.bury(message, 'failed too often');
    message.nak(this.backOffMs(deliveryCount));
  }

  /** Stores the message as a dead letter, and only then gives it up. */
  private async bury(message: JsMsg, reason: string): Promise<void> {
    const { subject, info } = message;
    try {
      await this.publisher.bury(deadLetterSubject(this.consumed.durable, subject), message, reason);
      message.term();
      this.logger.error({ msg: 'event buried', subject, sequence: info.streamSequence, reason });
    } catch (error) {
      this.logger.error({ msg: 'cannot store a dead letter', subject, sequence: info.streamSequence, error });
      message.nak(this.backOffMs(info.deliveryCount));
    }
  }

  private backOffMs(deliveries: number): number {
    const { backOffMs } = this.limits;
    return backOffMs[Math.min(deliveries, backOffMs.length) - 1] ?? 1_000;
  }

  private sayWorking(): void {
    if (this.connection.isClosed()) return;
    for (const message of this.inWork) message.working();
  }

  private async rest(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

function readEvent(
  contract: EventContract,
  message: JsMsg,
): { payload: unknown; context: EventContext } | { poison: string } {
  const event = readCloudEvent(message.headers);
  if ('missing' in event) return { poison: `no CloudEvent: header ${event.missing} is missing` };
  const body = parseJson(message.data);
  if (body === undefined) return { poison: 'the body is not JSON' };
  const parsed = compiled(contract.payload).safeParse(body);
  if (!parsed.success) {
    const fields = fieldErrors(body, parsed.error.issues).map(({ field, detail }) => `${field} ${detail}`);
    return { poison: `does not fit the schema: ${fields.join('; ')}` };
  }
  const { id, type, time, traceparent } = event;
  const context = { eventId: id, type, time, deliveries: message.info.deliveryCount };
  return { payload: parsed.data, context: traceparent ? { ...context, traceparent } : context };
}

function parseJson(data: Uint8Array): unknown {
  try {
    return JSON.parse(UTF8.decode(data));
  } catch {
    return undefined;
  }
}

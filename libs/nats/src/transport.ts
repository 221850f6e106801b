import {
  EVENT_CONSUMERS,
  networkSubject,
  type EventContract,
  type NetworkContract,
  type RequestContract,
  type Service as ServiceName,
} from '@couplet/contracts';
import type { Service } from '@nats-io/services';
import type { NatsConnection } from '@nats-io/transport-node';
import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import { COUPLET_TRANSPORT } from './decorators.ts';
import { EndpointStats } from './endpoint-stats.ts';
import { EVENT_LIMITS, EventConsumer, type EventLimits, type EventRoute } from './event-consumer.ts';
import type { EventPublisher } from './event-publisher.ts';
import { REQUEST_LIMITS, RequestServer, type RequestLimits, type Route } from './request-server.ts';
import { announce } from './service-discovery.ts';

export interface TransportOptions {
  readonly connection: NatsConnection;
  readonly events: EventPublisher;
  readonly service: ServiceName;
  /** Semantic version that `$SRV.INFO` tells. */
  readonly version?: string;
  /** The card-network relay that this service answers as, too. */
  readonly relay?: string | undefined;
  readonly requestLimits?: Partial<RequestLimits>;
  readonly eventLimits?: Partial<EventLimits>;
  /** How long shutting down waits for what is in work. */
  readonly drainMs?: number;
}

type AnyContract = RequestContract | NetworkContract | EventContract;

/**
 * Couplet's transport for NestJS: plain JSON requests and JetStream events instead of Nest's own envelope.
 *
 * Closing it stops both, waits for what is in work and leaves the connection open: whoever opened it closes it after
 * outbox and clients are done with it.
 */
export class CoupletTransport extends Server implements CustomTransportStrategy {
  override readonly transportId = COUPLET_TRANSPORT;
  // Otherwise Nest would log an event's failure and report success.
  override readonly propagatesEventHandlerErrors = true;
  private requests: RequestServer | undefined;
  private consumers: EventConsumer[] = [];
  private discovery: Service | undefined;

  constructor(private readonly options: TransportOptions) {
    super();
  }

  override addHandler(
    pattern: string,
    callback: MessageHandler,
    isEventHandler = false,
    extras: Record<string, unknown> = {},
  ): void {
    if (!isEventHandler && this.messageHandlers.has(pattern)) throw new Error(`${pattern} has two handlers`);
    super.addHandler(pattern, callback, isEventHandler, extras);
  }

  listen(callback: (error?: unknown) => void): void {
    this.start().then(() => callback(), callback);
  }

  /** Lets what is in work finish. Nest calls this before any shutdown hook of a provider. */
  async close(): Promise<void> {
    const drainMs = this.options.drainMs ?? 20_000;
    await Promise.all([
      this.discovery?.stop(),
      this.requests?.drain(drainMs),
      ...this.consumers.map((consumer) => consumer.drain(drainMs)),
    ]);
  }

  override on(): never {
    throw new Error('the transport has no events: watch the status of the NATS connection');
  }

  override unwrap<T>(): T {
    return this.options.connection as T;
  }

  private async start(): Promise<void> {
    const { connection, service, relay, version = '0.1.0', requestLimits } = this.options;
    const routes = this.requestRoutes();
    this.requests = new RequestServer(connection, routes, this.logger, {
      ...REQUEST_LIMITS,
      ...requestLimits,
    });
    this.requests.listen(service, relay);
    this.consumers = this.eventConsumers();
    for (const consumer of this.consumers) consumer.start();
    const endpoints = [...routes.values()].map(({ stats }) => stats);
    this.discovery = await announce(
      connection,
      { name: service, version, description: `Couplet ${service}` },
      endpoints,
    );
    await connection.flush(); // Ready means: the server has our subscriptions.
  }

  private requestRoutes(): Map<string, Route> {
    const routes = new Map<string, Route>();
    for (const [contract, handler] of this.handlers()) {
      if (contract.kind === 'event') continue;
      const key = this.subjectOf(contract);
      const subject = contract.kind === 'request' ? `${key}.*` : key;
      const name = `${contract.kind === 'network' ? 'network-' : ''}${contract.verb}-v${contract.version}`;
      const stats = new EndpointStats(name, subject, this.options.service);
      routes.set(key, { contract, stats, handle: (body, context) => settled(handler(body, context)) });
    }
    return routes;
  }

  private subjectOf(contract: RequestContract | NetworkContract): string {
    const { service, relay } = this.options;
    if (contract.kind === 'network') {
      if (relay === undefined)
        throw new Error(`network ${contract.verb} is handled, but ${service} is no relay`);
      return networkSubject(contract, relay);
    }
    if (contract.service !== service) throw new Error(`${contract.subject} is not a request of ${service}`);
    return contract.subject;
  }

  private eventConsumers(): EventConsumer[] {
    const { connection, service, events, eventLimits } = this.options;
    const routes = new Map<string, EventRoute>();
    for (const [contract, handler] of this.handlers()) {
      if (contract.kind !== 'event') continue;
      if (!contract.consumers.includes(service))
        throw new Error(`${service} is no consumer of ${contract.subject}`);
      routes.set(contract.subject, {
        contract,
        handle: async (event, context) => void (await settled(handler(event, context))),
      });
    }
    const limits = { ...EVENT_LIMITS, ...eventLimits };
    return EVENT_CONSUMERS.filter(
      ({ durable, publisher }) =>
        durable === service && [...routes.values()].some(({ contract }) => contract.service === publisher),
    ).map((consumed) => new EventConsumer(connection, consumed, routes, events, this.logger, limits));
  }

  /** The decorators put the contract beside each handler. */
  private handlers(): [AnyContract, MessageHandler][] {
    return [...this.messageHandlers.values()].map((handler) => {
      const contract = handler.extras?.['contract'] as AnyContract | undefined;
      if (!contract) throw new Error('a handler without a contract: use OnRequest, OnNetwork or OnEvent');
      return [contract, handler];
    });
  }
}

/** Nest answers with a value, or with a stream once interceptors, filters or a second handler are involved. */
async function settled(result: unknown): Promise<unknown> {
  const value = await result;
  return isObservable(value) ? lastValueFrom(value, { defaultValue: undefined }) : value;
}

import { inboxPrefix } from '@couplet/contracts';
import { connect, type NatsConnection } from '@nats-io/transport-node';

export interface ConnectOptions {
  /** `nats://host:port`, or several separated by commas. */
  readonly url: string;
  /** Who connects: a service, a relay, `gateway`, `operator`, `deployer`. Says where it is answered: `inboxPrefix`. */
  readonly name: string;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  /** Rejects when there is no connection after so long. Default: waits for its server for ever. */
  readonly firstTimeoutMs?: number | undefined;
}

/**
 * A connection that waits for its server and comes back whenever it does; only wrong credentials and closing end it.
 * A server that fell silent is noticed after 30 s at most.
 */
export function connectNats({
  url,
  name,
  user,
  password,
  firstTimeoutMs,
}: ConnectOptions): Promise<NatsConnection> {
  return connect({
    servers: url.split(','),
    name,
    inboxPrefix: inboxPrefix(name),
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { pass: password }),
    waitOnFirstConnect: firstTimeoutMs === undefined,
    ...(firstTimeoutMs !== undefined && { timeout: firstTimeoutMs }),
    maxReconnectAttempts: -1,
    reconnectTimeWait: 500,
    reconnectJitter: 500,
    pingInterval: 10_000,
    maxPingOut: 2,
    // A stack trace for every request costs half of a client's CPU.
    noAsyncTraces: true,
  });
}

import 'reflect-metadata';
import type { Service } from '@couplet/contracts';
import {
  connectNats,
  CoupletTransport,
  EventPublisher,
  RequestClient,
  type TransportOptions,
} from '@couplet/nats';
import { createPool } from '@couplet/postgres';
import type { NatsConnection } from '@nats-io/transport-node';
import type { DynamicModule, INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import type { Logger } from 'pino';
import { redactedConfig, type ServiceConfig } from './config.ts';
import { createLogger, NestLogger } from './logger.ts';
import { untilPostgresAnswers } from './postgres-readiness.ts';
import { stopOnSignals } from './signals.ts';
import { watchNats } from './watch-nats.ts';

/** What a service's module is built on. */
export interface Platform {
  readonly client: RequestClient;
  readonly events: EventPublisher;
  readonly logger: Logger;
  readonly pool: pg.Pool;
}

export interface ServiceOptions {
  readonly service: Service;
  readonly config: ServiceConfig;
  readonly module: (platform: Platform) => DynamicModule;
  /** The card-network relay that this service answers as, too. */
  readonly relay?: string;
  /** Overrides of the transport's limits. */
  readonly transport?: Pick<TransportOptions, 'requestLimits' | 'eventLimits' | 'drainMs'>;
}

export interface RunningService {
  readonly platform: Platform;
  readonly app: INestMicroservice;
  /** No new work; what is in work finishes, then the outbox flushes, then connections close. Safe to call twice. */
  stop(): Promise<void>;
}

/**
 * Runs one service until {@link RunningService.stop}, SIGTERM or SIGINT. Waits for NATS and PostgreSQL when they are not
 * up yet. Migrations, streams and consumers are steps of their own and never run here.
 *
 * @throws what kept it from starting, such as wrong credentials; nothing stays open then
 */
export async function runService(options: ServiceOptions): Promise<RunningService> {
  const { service, config } = options;
  const logger = createLogger(service, config.LOG_LEVEL);
  logger.info({ msg: 'starting', config: redactedConfig(config) });
  const pool = createPool(config.DATABASE_URL, {
    applicationName: service,
    onIdleError: (error) => logger.warn({ msg: 'idle database connection lost', error }),
  });
  const connecting = connect(options);
  try {
    const [connection] = await Promise.all([connecting, untilPostgresAnswers(pool, logger)]);
    const client = new RequestClient(connection, service);
    const events = new EventPublisher(connection, service);
    const platform: Platform = { client, events, logger, pool };
    const app = await startNest(options, platform, connection);
    const stopOnce = once(() => stop(platform, app, connection).finally(() => ignoreSignals()));
    const ignoreSignals = stopOnSignals(logger, stopOnce);
    watchNats(connection, logger, stopOnce);
    // The one line that whoever started the process may wait for; it comes at every log level.
    process.stdout.write(`${JSON.stringify({ service, msg: 'ready' })}\n`);
    return { platform, app, stop: stopOnce };
  } catch (error) {
    logger.fatal({ msg: 'cannot start', error });
    void connecting.then((connection) => connection.close()).catch(() => undefined);
    await pool.end();
    throw error;
  }
}

function connect({ service, config }: ServiceOptions): Promise<NatsConnection> {
  const { NATS_URL: url, NATS_USER: user, NATS_PASSWORD: password } = config;
  return connectNats({ url, name: service, user, password });
}

async function startNest(
  { service, module, relay, transport }: ServiceOptions,
  platform: Platform,
  connection: NatsConnection,
): Promise<INestMicroservice> {
  const strategy = new CoupletTransport({
    connection,
    events: platform.events,
    service,
    relay,
    ...transport,
  });
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(module(platform), {
    strategy,
    logger: new NestLogger(platform.logger),
    abortOnError: false,
  });
  try {
    await app.listen();
  } catch (error) {
    await app.close();
    throw error;
  }
  return app;
}

/** Nest closes the transport first, then runs the shutdown hooks, in which outbox and sweepers stop. */
async function stop(
  { logger, pool }: Platform,
  app: INestMicroservice,
  connection: NatsConnection,
): Promise<void> {
  logger.info({ msg: 'stopping' });
  await app.close();
  await closeNats(connection);
  await pool.end();
  logger.info({ msg: 'stopped' });
}

/** Lets what is on its way leave, unless the server is not there to take it. */
async function closeNats(connection: NatsConnection): Promise<void> {
  if (connection.isClosed()) return;
  const patience = new AbortController();
  const late = delay(5_000, undefined, { signal: patience.signal }).catch(() => undefined);
  await Promise.race([connection.drain(), late]);
  patience.abort();
  await connection.close();
}

function once(work: () => Promise<void>): () => Promise<void> {
  let result: Promise<void> | undefined;
  return () => (result ??= work());
}

import 'reflect-metadata';
import type { Principal } from '@couplet/contracts';
import { connectNats, EventPublisher, RequestClient } from '@couplet/nats';
import { createPool } from '@couplet/postgres';
import type { NatsConnection } from '@nats-io/transport-node';
import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import type { Logger } from 'pino';
import { redactedConfig, type ServiceConfig } from './config.ts';
import { createLogger } from './logger.ts';
import { untilPostgresAnswers } from './postgres-readiness.ts';
import { stopOnSignals } from './signals.ts';
import { watchNats } from './watch-nats.ts';

/** What a program's module is built on. */
export interface Platform {
  readonly client: RequestClient;
  readonly events: EventPublisher;
  readonly logger: Logger;
  readonly pool: pg.Pool;
}

export interface ProgramOptions<App> {
  /** Its name in logs, its NATS user and its own part of the inboxes. */
  readonly name: Principal;
  readonly config: ServiceConfig;
  /** Starts what takes work; nothing of it may stay when it throws. */
  readonly start: (platform: Platform, connection: NatsConnection) => Promise<App>;
}

export interface RunningProgram<App> {
  readonly platform: Platform;
  readonly app: App;
  /** No new work; what is in work finishes, then connections close. Safe to call twice. */
  stop(): Promise<void>;
}

/**
 * Runs one program on NATS and PostgreSQL until {@link RunningProgram.stop}, SIGTERM or SIGINT. Waits for both when they are
 * not up yet. Migrations, streams and consumers are steps of their own and never run here.
 *
 * @throws what kept it from starting, such as wrong credentials; nothing stays open then
 */
export async function runProgram<App extends { close(): Promise<void> }>(
  options: ProgramOptions<App>,
): Promise<RunningProgram<App>> {
  const { name, config } = options;
  const logger = createLogger(name, config.LOG_LEVEL);
  logger.info({ msg: 'starting', config: redactedConfig(config) });
  const pool = createPool(config.DATABASE_URL, {
    applicationName: name,
    onIdleError: (error) => logger.warn({ msg: 'idle database connection lost', error }),
  });
  const connecting = connect(name, config);
  try {
    const [connection] = await Promise.all([connecting, untilPostgresAnswers(pool, logger)]);
    const client = new RequestClient(connection, name);
    const events = new EventPublisher(connection, name);
    const platform: Platform = { client, events, logger, pool };
    const app = await options.start(platform, connection);
    const stopOnce = once(() => stop(platform, app, connection).finally(() => ignoreSignals()));
    const ignoreSignals = stopOnSignals(logger, stopOnce);
    watchNats(connection, logger, stopOnce);
    // The one line that whoever started the process may wait for; it comes at every log level.
    process.stdout.write(`${JSON.stringify({ service: name, msg: 'ready' })}\n`);
    return { platform, app, stop: stopOnce };
  } catch (error) {
    logger.fatal({ msg: 'cannot start', error });
    void connecting.then((connection) => connection.close()).catch(() => undefined);
    await pool.end();
    throw error;
  }
}

function connect(name: string, config: ServiceConfig): Promise<NatsConnection> {
  const { NATS_URL: url, NATS_USER: user, NATS_PASSWORD: password } = config;
  return connectNats({ url, name, user, password });
}

/** Nest closes what takes work first, then runs the shutdown hooks, in which outbox and sweepers stop. */
async function stop(
  { logger, pool }: Platform,
  app: { close(): Promise<void> },
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

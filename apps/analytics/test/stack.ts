import {
  type EventContract,
  EVENT_CONSUMERS,
  permissionsFor,
  serverPermissions,
  type Principal,
  type Service,
} from '@couplet/contracts';
import { type NatsUser, schemaOf, startNats, startPostgres } from '@couplet/infra';
import { applyStreams, connectNats, EventPublisher, RequestClient } from '@couplet/nats';
import {
  appendEvents,
  CreateOutboxTables1767225600001,
  type OutboxEvent,
  OutboxRelay,
} from '@couplet/outbox';
import { createPool, inTransaction, migrate } from '@couplet/postgres';
import { type RunningService, runService } from '@couplet/service-host';
import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type pg from 'pg';
import { analyticsModule, EVENT_LIMITS } from '../src/analytics.module.ts';
import { MIGRATIONS } from '../src/db/migrations/index.ts';

const PASSWORD = 'test-only';
const PUBLISHERS = ['issuance', 'medium-registry', 'barcode', 'settlement-relay'] as const;
const TABLES = {
  search_fact: 'search_id',
  acquisition_fact: 'acquisition_id, coupon_id',
  settlement_fact: 'settlement_id',
  scan_fact: 'settlement_id',
  coupon_use_fact: 'settlement_id, coupon_id',
  coupon_use_line: 'settlement_id, coupon_id, line_id',
  coupon_use_funding: 'settlement_id, coupon_id, party',
  credit_fact: 'settlement_id, coupon_id',
  campaign_fact: 'campaign_id',
  offer_fact: 'offer_id',
  daily_usage: 'day, currency',
  daily_party_discount: 'day, party, currency',
  daily_credit: 'day, offer_id, party, currency',
};

/** The real thing around analytics: PostgreSQL, NATS with the permissions of the contracts, and the outboxes of the publishers. */
export async function startStack() {
  const principals: Principal[] = [...PUBLISHERS, 'analytics', 'operator', 'deployer'];
  const [postgres, nats] = await Promise.all([
    startPostgres({ durable: false }),
    startNats({ users: [...principals.map(natsUser), { user: 'admin', password: PASSWORD }] }),
  ]);
  const urls = await postgres.provision(['analytics', ...PUBLISHERS]);
  await migrate({ url: urls.analytics, schema: 'analytics', migrations: MIGRATIONS });
  const connect = (name: Principal) => connectNats({ url: nats.url, name, user: name, password: PASSWORD });
  const deployer = await connect('deployer');
  await applyStreams(deployer);
  const publishers = Object.fromEntries(
    await Promise.all(
      PUBLISHERS.map(async (service) => [
        service,
        await startPublisher(service, urls[service], await connect(service)),
      ]),
    ),
  ) as Record<string, Awaited<ReturnType<typeof startPublisher>>>;
  const operator = await connect('operator');
  const admin = await connectNats({ url: nats.url, name: 'admin', user: 'admin', password: PASSWORD });
  const pool = createPool(urls.analytics);
  const manager = await jetstreamManager(deployer);
  const running = new Set<RunningService>();

  return {
    pool,
    deployer,
    operatorConnection: operator,
    operator: new RequestClient(operator, 'operator'),
    /** Of somebody who may do everything. */
    streams: (await jetstreamManager(admin)).streams,
    async startAnalytics(limits = {}): Promise<RunningService> {
      const service = await runService({
        service: 'analytics',
        config: {
          NATS_URL: nats.url,
          NATS_USER: 'analytics',
          NATS_PASSWORD: PASSWORD,
          DATABASE_URL: urls.analytics,
          LOG_LEVEL: 'silent',
        },
        module: analyticsModule,
        transport: { eventLimits: { ...EVENT_LIMITS, ...limits } },
      });
      running.add(service);
      return service;
    },
    async stopAnalytics(): Promise<void> {
      await Promise.all([...running].map((service) => service.stop()));
      running.clear();
    },
    /** Commits events in the outbox of the service that publishes them; resolves when they are in its stream. */
    async publish(events: readonly OutboxEvent[]): Promise<void> {
      for (const [service, publisher] of Object.entries(publishers)) {
        await publisher.publish(events.filter(({ contract }) => contract.service === service));
      }
    },
    /** Resolves when analytics has acknowledged every event there is. */
    async allRead(): Promise<void> {
      const consumers = EVENT_CONSUMERS.filter(({ durable }) => durable === 'analytics');
      await until(async () => {
        const infos = await Promise.all(
          consumers.map(({ stream, durable }) => manager.consumers.info(stream, durable)),
        );
        return infos.every(({ num_pending, num_ack_pending }) => num_pending === 0 && num_ack_pending === 0);
      });
    },
    snapshot: () => snapshot(pool),
    async stop(): Promise<void> {
      await Promise.all([...running].map((service) => service.stop()));
      await Promise.all(Object.values(publishers).map((publisher) => publisher.stop()));
      await Promise.all([pool.end(), operator.close(), admin.close(), deployer.close()]);
      await Promise.all([postgres.stop(), nats.stop()]);
    },
  };
}
export type Stack = Awaited<ReturnType<typeof startStack>>;

/** PostgreSQL with the facts' tables alone. */
export async function startDatabase() {
  const postgres = await startPostgres({ durable: false });
  const { analytics: url } = await postgres.provision(['analytics']);
  await migrate({ url, schema: 'analytics', migrations: MIGRATIONS });
  const pool = createPool(url);
  return {
    pool,
    snapshot: () => snapshot(pool),
    async stop(): Promise<void> {
      await pool.end();
      await postgres.stop();
    },
  };
}
export type Database = Awaited<ReturnType<typeof startDatabase>>;

/** Every row of facts and roll-ups. */
async function snapshot(pool: pg.Pool): Promise<Record<string, unknown[]>> {
  const tables = Object.entries(TABLES).map(async ([table, order]) => {
    const { rows } = await pool.query(`SELECT * FROM ${table} ORDER BY ${order}`);
    return [table, rows] as const;
  });
  return Object.fromEntries(await Promise.all(tables));
}

async function startPublisher(service: Service, url: string, connection: NatsConnection) {
  await migrate({ url, schema: schemaOf(service), migrations: [CreateOutboxTables1767225600001] });
  const pool = createPool(url);
  const logger = { info: () => undefined, warn: () => undefined };
  const relay = new OutboxRelay(pool, new EventPublisher(connection, service), logger);
  relay.start();
  return {
    async publish(events: readonly OutboxEvent[]): Promise<void> {
      if (events.length === 0) return;
      await inTransaction(pool, (client) => appendEvents<EventContract[]>(client, events));
      relay.wake();
      await until(async () => {
        const { rowCount } = await pool.query('SELECT 1 FROM outbox_due LIMIT 1');
        return rowCount === 0;
      });
    },
    async stop(): Promise<void> {
      await relay.stop();
      await pool.end();
      await connection.close();
    },
  };
}

function natsUser(user: Principal): NatsUser {
  return { user, password: PASSWORD, permissions: serverPermissions(permissionsFor(user)) };
}

/** Resolves when `condition` holds; the test's own time limit is the deadline. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10));
}

import { randomUUID } from 'node:crypto';
import { type RunningNats, type RunningPostgres, startNats, startPostgres } from '@couplet/infra';
import { connectNats } from '@couplet/nats';
import { migrate } from '@couplet/postgres';
import { type RunningService, runService } from '@couplet/service-host';
import type pg from 'pg';
import { MIGRATIONS } from '../src/db/migrations.ts';
import { networkSimulator } from '../src/network-simulator.module.ts';

export const CARD = '4111111111111111';
type Json = Record<string, unknown>;

/** The service on real servers, asked as any relay asks: plain JSON on NATS, no code of ours in between. */
export interface RunningSimulator {
  service: RunningService;
  network(verb: string, body: Json, timeoutMs?: number): Promise<Json>;
  script(body: Json): Promise<Json>;
  recall(body?: Json): Promise<{ authorizations: Json[] }>;
  publish(subject: string): Promise<void>;
  /** Stands in for settlement-relay: answers with the effect, or not at all. */
  onAdvise(effect: (body: Json) => string | undefined): { unsubscribe(): void };
  /** Asks so many times, by two statements; neither gets past reading before both have begun. Needs a balance on the card. */
  atOnce(times: number, authorize: () => Promise<Json>): Promise<Json[]>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export async function startSimulator(): Promise<RunningSimulator> {
  const [postgres, nats] = await Promise.all([startPostgres({ durable: false }), startNats()]);
  const { 'network-simulator': url } = await postgres.provision(['network-simulator']);
  await migrate({ url, schema: 'network_simulator', migrations: MIGRATIONS });
  const config = {
    NATS_URL: nats.url,
    DATABASE_URL: url,
    LOG_LEVEL: 'warn',
    CLOCK_TOLERANCE_MS: 2_000,
  } as const;
  const start = () => runService(networkSimulator(config));
  return running(postgres, nats, start, await start());
}

async function running(
  postgres: RunningPostgres,
  nats: RunningNats,
  start: () => Promise<RunningService>,
  first: RunningService,
): Promise<RunningSimulator> {
  const client = await connectNats({ url: nats.url, name: 'test' });
  const ask = async (subject: string, body: Json, timeoutMs = 5_000): Promise<Json> =>
    (await client.request(subject, JSON.stringify(body), { timeout: timeoutMs })).json<Json>();
  const operator = (verb: string, body: Json) =>
    ask(`couplet.request.network-simulator.${verb}.v1.operator`, body);
  const simulator: RunningSimulator = {
    service: first,
    network: (verb, body, timeoutMs) => ask(`couplet.network.sim.${verb}.v1`, body, timeoutMs),
    script: (body) => operator('script', body),
    recall: (body = {}) => operator('recall', body) as Promise<{ authorizations: Json[] }>,
    async publish(subject) {
      client.publish(subject, '{}');
      await client.flush();
    },
    onAdvise: (effect) =>
      client.subscribe('couplet.request.settlement-relay.advise.v1.sim', {
        callback: (_error, message) => {
          const body = message.json<Json>();
          const told = effect(body);
          if (told) message.respond(JSON.stringify({ adviceId: body['adviceId'], effect: told }));
        },
      }),
    atOnce: (times, authorize) => behindLockedBalances(simulator.service.platform.pool, times, authorize),
    async restart() {
      await simulator.service.stop();
      simulator.service = await start();
    },
    async stop() {
      await client.close();
      await simulator.service.stop();
      await Promise.all([postgres.stop(), nats.stop()]);
    },
  };
  return simulator;
}

async function behindLockedBalances(pool: pg.Pool, times: number, authorize: () => Promise<Json>) {
  const holder = await pool.connect();
  const waiting = async () => {
    const sql = "SELECT count(*) AS count FROM pg_stat_activity WHERE wait_event_type = 'Lock'";
    return Number((await pool.query(sql)).rows[0].count); // The holder's transaction would see one snapshot only.
  };
  await holder.query('BEGIN');
  await holder.query('SELECT FROM card_balance FOR UPDATE');
  const asked: Promise<Json>[] = [];
  for (const statements of [1, 2]) {
    asked.push(...Array.from({ length: times / 2 }, authorize));
    while ((await waiting()) < statements);
  }
  await holder.query('COMMIT');
  holder.release();
  return Promise.all(asked);
}

export function anAuthorize(over: Json = {}): Json & { authorizationId: string } {
  return {
    authorizationId: randomUUID(),
    settlementId: randomUUID(),
    storeId: '309',
    terminalId: '4',
    payment: { kind: 'credit-card', id: CARD },
    amount: 386,
    currency: 'USD',
    presentedAt: '2017-03-26T17:22:21Z',
    expiresAt: new Date(Date.now() + 60_000).toISOString(),
    ...over,
  };
}

export function aFollowUp(authorize: Json, over: Json = {}): Json {
  const { authorizationId, settlementId, amount, currency } = authorize;
  return { requestId: randomUUID(), authorizationId, settlementId, amount, currency, ...over };
}

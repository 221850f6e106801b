import { startNats, startPostgres } from '@couplet/infra';
import { applyStreams, connectNats } from '@couplet/nats';
import { createPool, migrate } from '@couplet/postgres';
import { runService } from '@couplet/service-host';
import type { NatsConnection } from '@nats-io/transport-node';
import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { pino } from 'pino';
import { v7 as uuidv7 } from 'uuid';
import { parseSettlementRelayConfig, type SettlementRelayConfig } from '../src/config.ts';
import { MIGRATIONS } from '../src/db/migrations/index.ts';
import type { Failpoint } from '../src/failpoints.ts';
import { settlementRelayModule } from '../src/settlement-relay.module.ts';
import { FakeRelay, type Body } from './fake-relay.ts';

export const CARD = '4111111111111111';
export type Reserve = (body: Body) => Promise<Body | undefined> | Body | undefined;

/** One settlement-relay on real PostgreSQL and NATS; card networks and registry are plain NATS responders of the test. */
export interface Stand {
  readonly pool: pg.Pool;
  readonly connection: NatsConnection;
  readonly config: SettlementRelayConfig;
  /** What the service logged, and every event it published. */
  readonly logged: string[];
  readonly published: { subject: string; body: Body }[];
  /** A relay and a store nobody else in the test uses, with coupons as `reserve` says; default: none. */
  shop(reserve?: Reserve): Shop;
  stop(): Promise<void>;
}

export interface Shop {
  readonly relay: FakeRelay;
  readonly storeId: string;
  readonly searches: Body[];
  basket(change?: Body): Body & { attemptId: string };
  ask(verb: string, body: Body, caller?: string): Promise<Body>;
  events(settlementId: unknown): { fact: string; body: Body }[];
  /** The attempt and its authorizations as they are on disk. */
  journal(
    attemptId: unknown,
  ): Promise<{ state: string; amount: bigint | null; confirmed: boolean; cards: string[] }>;
  /** Waits until the authorizations of the attempt are in these states. */
  rest(attemptId: unknown, state: string, ...cards: string[]): Promise<void>;
}

export async function startStand(
  settings: Record<string, string> = {},
  reached?: (failpoint: Failpoint) => void,
): Promise<Stand> {
  const [postgres, nats] = await Promise.all([startPostgres({ durable: false }), startNats()]);
  const { 'settlement-relay': url } = await postgres.provision(['settlement-relay']);
  await migrate({ url, schema: 'settlement_relay', migrations: MIGRATIONS });
  const connection = await connectNats({ url: nats.url, name: 'test' });
  await applyStreams(connection);
  const config = parseSettlementRelayConfig({
    ...{
      NATS_URL: nats.url,
      DATABASE_URL: url,
      LOG_LEVEL: 'fatal',
      TOKEN_KEY: aKey('t'),
      FINGERPRINT_KEY: aKey('f'),
    },
    ...settings,
  });
  const logged: string[] = [];
  const logger = pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) });
  const service = await runService({
    service: 'settlement-relay',
    config,
    module: (platform) => settlementRelayModule({ ...platform, logger }, config, reached),
  });
  const pool = createPool(url);
  const published: Stand['published'] = [];
  connection.subscribe('couplet.event.settlement-relay.>', {
    callback: (_error, message) =>
      void published.push({ subject: message.subject, body: message.json<Body>() }),
  });
  const registry = listenAsRegistry(connection);
  await connection.flush();

  return {
    ...{ pool, connection, config, logged, published },
    shop: (reserve = () => undefined) => openShop({ pool, connection, published }, registry, reserve),
    async stop() {
      await service.stop();
      await connection.close();
      await pool.end();
      await Promise.all([postgres.stop(), nats.stop()]);
    },
  };
}

/** One coupon of that discount, in the registry's words. */
export function found(discount: number, couponId: string = uuidv7()): Reserve {
  return ({ settlementId }) => ({
    ...{ settlementId, couponSearch: 'found', discount, refused: [] },
    coupons: [
      {
        ...{ couponId, offerId: uuidv7(), title: 'Off', discount },
        lines: [{ lineId: '1', discount }],
        funding: [{ party: 'manufacturer:36200', amount: discount }],
      },
    ],
  });
}

export const none: Reserve = ({ settlementId }) => ({
  ...{ settlementId, couponSearch: 'none', discount: 0, coupons: [], refused: [] },
});

/** Waits for something to become so, without a guess of how long it takes. */
export async function eventually<Is>(check: () => Promise<Is> | Is, timeoutMs = 15_000): Promise<Is> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

/** A promise and who keeps it. */
export function gate<Value = void>(): { opened: Promise<Value>; open: (value: Value) => void } {
  let open: (value: Value) => void = () => undefined;
  const opened = new Promise<Value>((resolve) => (open = resolve));
  return { opened, open };
}

type Registry = Map<string, { reserve: Reserve; searches: Body[] }>;

function listenAsRegistry(connection: NatsConnection): Registry {
  const shops: Registry = new Map();
  connection.subscribe('couplet.request.medium-registry.reserve-coupons.v1.*', {
    callback: (_error, message) => {
      const body = message.json<Body>();
      const shop = shops.get(body['storeId'] as string);
      shop?.searches.push(body);
      void Promise.resolve(shop?.reserve(body)).then((reply) => {
        if (reply) message.respond(JSON.stringify(reply));
      });
    },
  });
  return shops;
}

let shopsOpened = 0;

function openShop(
  { pool, connection, published }: Pick<Stand, 'pool' | 'connection' | 'published'>,
  registry: Registry,
  reserve: Reserve,
): Shop {
  const storeId = `store-${++shopsOpened}`;
  const relay = new FakeRelay(connection, `relay-${shopsOpened}`);
  relay.listen();
  const searches: Body[] = [];
  registry.set(storeId, { reserve, searches });
  const shop: Shop = {
    ...{ relay, storeId, searches },
    basket: (change = {}) => ({ ...aBasket(storeId), ...change }),
    async ask(verb, body, caller = relay.name) {
      const subject = `couplet.request.settlement-relay.${verb}.v1.${caller}`;
      const reply = await connection.request(subject, JSON.stringify(body), { timeout: 20_000 });
      return reply.json<Body>();
    },
    events: (settlementId) =>
      published
        .filter(({ body }) => body['settlementId'] === settlementId)
        .map(({ subject, body }) => ({ fact: subject.split('.')[3] ?? '', body })),
    async journal(attemptId) {
      const { rows } = await pool.query<{
        state: string;
        amount: bigint | null;
        confirmed: boolean;
        cards: string[];
      }>(
        `SELECT state, amount, confirmed, ARRAY(SELECT c.state FROM card_authorization c
           WHERE c.settlement_id = a.settlement_id ORDER BY ordinal) AS cards
         FROM attempt a WHERE attempt_id = $1`,
        [attemptId],
      );
      const [row] = rows;
      if (!row || rows.length > 1)
        throw new Error(`attempt ${String(attemptId)} is there ${rows.length} times`);
      return row;
    },
    rest: (attemptId, state, ...cards) =>
      eventually(async () => {
        const { state: is, cards: are } = await shop.journal(attemptId);
        expect({ state: is, cards: are }).toEqual({ state, cards });
      }),
  };
  return shop;
}

function aBasket(storeId: string): Body & { attemptId: string } {
  return {
    attemptId: uuidv7(),
    ...{ storeId, terminalId: '4', presentedAt: '2017-03-26T17:22:21Z' },
    payment: { kind: 'credit-card', id: CARD },
    ...{ purpose: 'purchase', currency: 'USD', amount: 386 },
    lines: [
      { lineId: '1', productId: '940996', quantity: '2', unit: 'each', amount: 386, discountable: true },
    ],
  };
}

const aKey = (kid: string): string => `${kid}:${randomBytes(32).toString('base64')}`;

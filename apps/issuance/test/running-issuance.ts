import { randomUUID } from 'node:crypto';
import { startNats, startPostgres } from '@couplet/infra';
import { applyStreams, connectNats } from '@couplet/nats';
import { migrate } from '@couplet/postgres';
import { type RunningService, runService } from '@couplet/service-host';
import { DeliverPolicy, jetstream } from '@nats-io/jetstream';
import { issuanceModule, MIGRATIONS } from '../src/index.ts';

export type Json = Record<string, unknown>;

interface PublishedEvent {
  subject: string;
  headers: Record<string, string>;
  body: Json;
}

/** The service on real servers, asked in plain JSON; its events are read from the stream as any consumer reads them. */
export interface RunningIssuance {
  service: RunningService;
  natsUrl: string;
  /** Ends the service after what it has in hand, and starts it again. */
  restart(): Promise<void>;
  ask(verb: string, body: Json, caller?: string): Promise<Json>;
  /** Waits for the next `count` events of the stream that were not read before. */
  events(count: number): Promise<PublishedEvent[]>;
  rows(sql: string): Promise<Json[]>;
  stop(): Promise<void>;
}

export async function startIssuance(): Promise<RunningIssuance> {
  const [postgres, nats] = await Promise.all([startPostgres({ durable: false }), startNats()]);
  const { issuance: url } = await postgres.provision(['issuance']);
  await migrate({ url, schema: 'issuance', migrations: MIGRATIONS });
  const client = await connectNats({ url: nats.url, name: 'test' });
  await applyStreams(client);
  const config = { NATS_URL: nats.url, DATABASE_URL: url, LOG_LEVEL: 'warn' } as const;
  const start = () =>
    runService({ service: 'issuance', config, module: (platform) => issuanceModule(platform, config) });
  let service = await start();
  const consumer = await jetstream(client).consumers.get('EVENT_ISSUANCE', {
    deliver_policy: DeliverPolicy.All,
  });
  return {
    get service() {
      return service;
    },
    natsUrl: nats.url,
    async restart() {
      await service.stop();
      service = await start();
    },
    async ask(verb, body, caller = 'operator') {
      const subject = `couplet.request.issuance.${verb}.v1.${caller}`;
      return (await client.request(subject, JSON.stringify(body), { timeout: 20_000 })).json<Json>();
    },
    async events(count) {
      const events: PublishedEvent[] = [];
      while (events.length < count) {
        const message = await consumer.next({ expires: 10_000 });
        if (!message) throw new Error(`${events.length} of ${count} events came`);
        const headers = Object.fromEntries(
          [...(message.headers ?? [])].map(([name, [value]]) => [name, value ?? '']),
        );
        events.push({ subject: message.subject, headers, body: message.json<Json>() });
      }
      return events;
    },
    rows: async (sql) => (await service.platform.pool.query(sql)).rows as Json[],
    async stop() {
      await client.close();
      await service.stop();
      await Promise.all([postgres.stop(), nats.stop()]);
    },
  };
}

export const PRODUCTS = Array.from({ length: 20 }, (_, index) => aProduct(String(index)));
export function aProduct(productId: string): Json {
  return {
    productId,
    manufacturer: '2',
    department: 'GROCERY',
    brand: '',
    category: '',
    type: '',
    packageSize: '',
  };
}

export const PARTIES = [
  { party: 'manufacturer:2', kind: 'manufacturer', title: 'Maker' },
  { party: 'store', kind: 'retailer', title: 'Store' },
];

export function aCampaign(over: Json = {}): Json & { campaignId: string } {
  const [startsAt, endsAt] = ['2017-01-01T00:00:00Z', '2017-02-01T00:00:00Z'];
  return { campaignId: randomUUID(), title: 'Campaign 1', startsAt, endsAt, ...over };
}

export function anOffer(
  campaignId: string,
  productIds = ['1', '2'],
  terms: Json = {},
): Json & { offerId: string } {
  return {
    offerId: randomUUID(),
    campaignId,
    title: 'One dollar off',
    terms: {
      currency: 'USD',
      requires: [{ productIds, quantity: 1 }],
      reward: { kind: 'amount-off', amount: 100 },
      funding: [{ party: 'manufacturer:2', shareBps: 10_000 }],
      storeMatch: { party: 'store', upToTotal: 100 },
      ...terms,
    },
    conditions: {
      purposes: ['purchase'],
      validFrom: '2017-01-01T00:00:00Z',
      validTo: '2017-02-01T00:00:00Z',
      limits: { budget: 1_000 },
    },
  };
}

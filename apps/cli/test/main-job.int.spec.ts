import { randomUUID } from 'node:crypto';
import {
  AcquireCouponsV1,
  ApproveOffersV1,
  CreateCampaignsV1,
  DraftOffersV1,
  EVENT_STREAMS,
  ImportProductsV1,
  networkSubject,
  AuthorizeV1,
  RecallV1,
  RegisterFundingPartiesV1,
  RegisterHoldersV1,
  ScriptV1,
  SearchCouponsV1,
  SubmitOffersV1,
} from '@couplet/contracts';
import { createPool } from '@couplet/postgres';
import { jetstreamManager } from '@nats-io/jetstream';
import { Operator } from '../src/replay/operator.ts';
import { OBSERVER, RELAY, SEARCH_SENT } from '../src/topology/nats-users.ts';
import { startTopology, type NatsConnection, type Topology } from '../src/topology/start-topology.ts';
import { until } from './until.ts';

const SETTLE = `couplet.request.settlement-relay.settle.v1.${RELAY}`;
const CARD = '4111111111111111';
const POINT_CARD = { kind: 'point-card', scheme: 'grocer', id: '2261' } as const;
const NOW = new Date().toISOString();
const PRODUCT = 'cereal';

/** No deadline decides here, however slow the machine: what ends is what was answered. */
const PATIENT = {
  'settlement-relay': {
    SEARCH_DEADLINE_MS: '20000',
    ATTEMPT_DEADLINE_MS: '40000',
    RESERVATION_DEADLINE_MS: '60000',
  },
};

let topology: Topology;
let operator: Operator;
/** The relay's own connection: NATS and JSON, nothing of ours. */
let relay: NatsConnection;
let holderId: string;
let approvedOfferId: string;
beforeAll(async () => {
  topology = await startTopology({ durable: false, settings: PATIENT });
  operator = new Operator(await topology.connect('operator'));
  relay = await topology.connect(RELAY);
  holderId = await holderWithCards();
  approvedOfferId = await draftedOffer(100n);
  await operator.ask(SubmitOffersV1, { submittedBy: 'ada', offerIds: [approvedOfferId] });
}, 120_000);
afterAll(() => topology?.stop(), 60_000);

it('[000-1] [000-11] a coupon lives after approval by a second person, is acquired for a card, and is found and used when that card is presented', async () => {
  await expect(acquire(approvedOfferId)).rejects.toThrow('not-found');
  await expect(approve(approvedOfferId, 'ada')).rejects.toThrow('ada');
  await expect(acquire(approvedOfferId)).rejects.toThrow('not-found');

  await approve(approvedOfferId, 'grace');
  await until(() => acquire(approvedOfferId).then(Boolean, () => false));
  expect(await titlesFor('purchase')).toEqual(['1.00 off cereal']);
  expect(await titlesFor('online-order')).toEqual([]);

  const { coupons } = await settle({ payment: undefined, media: [POINT_CARD] });
  expect(coupons).toMatchObject([{ offerId: approvedOfferId, discount: 100 }]);
  await until(async () => (await titlesFor('purchase')).length === 0);
});

it('[000-8] [000-18] the terminal that takes the card finds the coupon by it, through the relay, and the network charges the discounted price', async () => {
  await acquire(approvedOfferId);

  const reply = await settle({});

  expect(reply).toMatchObject({
    outcome: 'approved',
    couponSearch: 'found',
    originalAmount: 386,
    amount: 286,
  });
  await until(async () => (await remembered(reply.settlementId))?.state === 'captured');
  expect(await remembered(reply.settlementId)).toMatchObject({ authorized: 386n, captured: 286n, held: 0n });
});

it('[000-9] [000-19] authorization and coupon search are under way at the same time: each holds its answer until the other has arrived', async () => {
  await acquire(approvedOfferId);
  const observer = await topology.connect(OBSERVER);
  let authorizationArrived!: () => void;
  const arrived = new Promise<void>((resolve) => (authorizationArrived = resolve));
  observer.subscribe(networkSubject(AuthorizeV1, RELAY), { callback: () => authorizationArrived() });
  await observer.flush();
  const action = { kind: 'hold-until-seen', subject: SEARCH_SENT } as const;
  await operator.ask(ScriptV1, { faults: [{ verb: 'authorize', action, times: 1 }] });

  // The registry cannot answer while this lock is held, and it is held until the authorization has arrived.
  const database = createPool(topology.adminUrl, { max: 1 });
  const lock = await database.connect();
  await lock.query('BEGIN; LOCK TABLE medium_registry.reservation_set IN ACCESS EXCLUSIVE MODE');
  const settling = settle({});
  await arrived;
  await lock.query('COMMIT');

  expect(await settling).toMatchObject({ outcome: 'approved', couponSearch: 'found', amount: 286 });
  lock.release();
  await database.end();
  await observer.close();
});

it('leaves events that any NATS client reads as CloudEvents', async () => {
  await settle({});
  const manager = await jetstreamManager(await topology.connect('operator'));
  const stored = async (stream: string) => (await manager.streams.info(stream)).state;
  // A scan is no part of this sale.
  for (const { name, publisher } of EVENT_STREAMS.filter((stream) => stream.publisher !== 'barcode')) {
    await until(async () => (await stored(name)).messages > 0);
    const { first_seq: first, last_seq: last } = await stored(name);
    for (let seq = first; seq <= last; seq++) {
      const message = (await manager.streams.getMessage(name, { seq }))!;
      const read = (header: string) => message.header.get(header);
      expect(read('ce-specversion')).toBe('1.0');
      expect(read('ce-id')).toBe(read('Nats-Msg-Id'));
      expect(`${read('ce-type')} ${read('ce-source')}`).toContain(publisher);
      expect(new Date(read('ce-time')).getTime()).toBeLessThanOrEqual(Date.now());
      expect(message.json()).toEqual(expect.any(Object));
    }
  }
});

describe('a client that knows only NATS and JSON', () => {
  it.each([
    ['garbage', 'not JSON', { code: 'malformed-json' }],
    ['nothing', '{}', { code: 'invalid-request', errors: fields('attemptId', 'storeId', 'amount') }],
    [
      'wrong sums',
      JSON.stringify({ ...body(), amount: 385 }),
      { code: 'invalid-request', errors: [{ field: 'amount', detail: 'the lines sum to 386, not to 385' }] },
    ],
    [
      'a negative amount',
      JSON.stringify({ ...body(), amount: -1 }),
      { code: 'invalid-request', errors: fields('amount') },
    ],
  ])('is told what is wrong with %s', async (_, text, problem) => {
    expect(await problemOf(SETTLE, text)).toMatchObject({ ...problem, retryable: false });
  });

  it('is told which versions there are', async () => {
    const problem = await problemOf(SETTLE.replace('.v1.', '.v9.'), JSON.stringify(body()));
    expect(problem).toMatchObject({ code: 'unknown-request', detail: expect.stringContaining('v1') });
  });

  it.each(['settle.v1.another', 'resolve.v1.sim'])('cannot ask on %s, and is told so', async (subject) => {
    const asking = relay.request(`couplet.request.settlement-relay.${subject}`, '{}', { timeout: 10_000 });
    await expect(asking).rejects.toThrow(/permissions violation/i);
  });

  it('gets the same answer again, and a conflict for another body', async () => {
    const first = body();
    const reply = await answerTo(first);
    expect(await answerTo(first)).toEqual(reply);
    expect(await problemOf(SETTLE, JSON.stringify({ ...first, terminalId: '5' }))).toMatchObject({
      code: 'attempt-conflict',
    });
  });
});

function fields(...names: string[]): unknown {
  return expect.arrayContaining(names.map((field) => expect.objectContaining({ field })));
}

function body() {
  return {
    attemptId: randomUUID(),
    storeId: '309',
    terminalId: '4',
    presentedAt: NOW,
    payment: { kind: 'credit-card', id: CARD },
    media: [] as object[],
    purpose: 'purchase',
    currency: 'USD',
    amount: 386,
    capture: 'immediate',
    acceptPartialApproval: false,
    lines: [
      { lineId: '1', productId: PRODUCT, quantity: '2', unit: 'each', amount: 386, discountable: true },
    ],
  };
}

function settle(changes: { payment?: undefined; media?: object[] }) {
  return answerTo({ ...body(), ...changes });
}

async function answerTo(request: object) {
  const message = await relay.request(SETTLE, JSON.stringify(request), { timeout: 60_000 });
  return message.json<Record<string, unknown> & { settlementId: string }>();
}

async function problemOf(subject: string, text: string): Promise<unknown> {
  const message = await relay.request(subject, text, { timeout: 60_000 });
  expect(message.headers?.get('Nats-Service-Error-Code')).toMatch(/^[45]\d\d$/);
  return message.json();
}

async function remembered(settlementId: string) {
  const { authorizations } = await operator.ask(RecallV1, { limit: 1_000 });
  return authorizations.find((authorization) => authorization.settlementId === settlementId);
}

async function titlesFor(purpose: string): Promise<string[]> {
  const media = [{ kind: 'credit-card', id: CARD } as const];
  const searchId = randomUUID();
  const search = { searchId, media, purpose, presentedAt: NOW, limit: 50 };
  const { coupons } = await operator.ask(SearchCouponsV1, search);
  return coupons.map(({ title }) => title);
}

function approve(offerId: string, approvedBy: string) {
  return operator.ask(ApproveOffersV1, { approvedBy, offerIds: [offerId] });
}

function acquire(offerId: string) {
  const acquisition = { acquisitionId: randomUUID(), holderId, offerIds: [offerId] };
  return operator.ask(AcquireCouponsV1, { ...acquisition, channel: 'mobile', acquiredAt: NOW });
}

async function holderWithCards(): Promise<string> {
  const holderId = randomUUID();
  const media = [{ kind: 'credit-card', id: CARD } as const, POINT_CARD];
  await operator.ask(RegisterHoldersV1, { holders: [{ holderId, attributes: {}, media }] });
  return holderId;
}

async function draftedOffer(amount: bigint): Promise<string> {
  const [campaignId, offerId, party] = [randomUUID(), randomUUID(), 'manufacturer:36200'];
  const [validFrom, validTo] = ['2020-01-01T00:00:00Z', '2100-01-01T00:00:00Z'];
  const facts = { manufacturer: '36200', department: 'GROCERY', brand: 'National', category: 'COLD CEREAL' };
  await operator.ask(ImportProductsV1, {
    products: [{ productId: PRODUCT, ...facts, type: 'CEREAL', packageSize: '12 OZ' }],
  });
  await operator.ask(RegisterFundingPartiesV1, { parties: [{ party, kind: 'manufacturer', title: party }] });
  const campaign = { campaignId, title: 'Spring', startsAt: validFrom, endsAt: validTo };
  await operator.ask(CreateCampaignsV1, { createdBy: 'ada', campaigns: [campaign] });
  const terms = {
    currency: 'USD',
    requires: [{ productIds: [PRODUCT], quantity: 1 }],
    reward: { kind: 'amount-off' as const, amount },
    funding: [{ party, shareBps: 10_000 }],
  };
  const conditions = { purposes: ['purchase'], validFrom, validTo };
  const offer = { offerId, campaignId, title: '1.00 off cereal', terms, conditions };
  await operator.ask(DraftOffersV1, { draftedBy: 'ada', offers: [offer] });
  return offerId;
}

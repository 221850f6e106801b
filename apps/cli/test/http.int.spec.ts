import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { type Couplet, createCouplet } from '@couplet/client';
import { startTopology, type Topology } from '../src/topology/start-topology.ts';
import { until } from './until.ts';

/** A whole system that is met with nothing but its typed HTTP client. */
const DAY_MS = 86_400_000;
const at = (offsetMs: number) => new Date(Date.now() + offsetMs).toISOString();
const STORE = '309';
const PRODUCT = 'cereal';
const [ANN, BOB] = [randomUUID(), randomUUID()];
const CARD = '4111111111111111';
const POINTS = { kind: 'point-card', scheme: 'grocer', id: '2261' } as const;

/** No deadline decides here, however slow the machine: what ends is what was answered. */
const PATIENT = {
  SEARCH_DEADLINE_MS: '20000',
  ATTEMPT_DEADLINE_MS: '40000',
  RESERVATION_DEADLINE_MS: '60000',
};
const SCOPES = {
  ada: { scopes: ['marketing'] },
  grace: { scopes: ['marketing'] },
  telecom: { scopes: ['enrolment'] },
  'store-309': { scopes: ['store'], storeId: STORE, relay: 'sim' },
  'store-310': { scopes: ['store'], storeId: '310', relay: 'sim' },
};
type Name = keyof typeof SCOPES;

let topology: Topology;
let client: Record<Name, Couplet>;
let ann: Couplet;
let bob: Couplet;
let offerId: string;
beforeAll(async () => {
  const keys = Object.fromEntries(Object.keys(SCOPES).map((name) => [name, newKey()])) as Record<Name, Key>;
  const registered = Object.entries(SCOPES).map(([clientId, rest]) => ({
    clientId,
    ...rest,
    keys: [keys[clientId as Name].publicKey],
  }));
  const settings = { 'settlement-relay': PATIENT, gateway: { CLIENTS: JSON.stringify(registered) } };
  topology = await startTopology({ durable: false, settings });
  const clientOf = (clientId: Name) =>
    createCouplet({
      baseUrl: topology.gatewayUrl,
      credentials: { clientId, privateKey: keys[clientId].privateKey },
    });
  client = Object.fromEntries(Object.keys(SCOPES).map((name) => [name, clientOf(name as Name)])) as Record<
    Name,
    Couplet
  >;
  offerId = await liveOffer();
  await registerHolders();
  [ann, bob] = [await signedIn(ANN), await signedIn(BOB)];
}, 120_000);
afterAll(() => topology?.stop(), 60_000);

it('an offer goes live over HTTP after approval by a second person, whom the credential names', async () => {
  const { error } = await client.ada.PUT('/v1/offer-approvals', { body: { offerIds: [await drafted()] } });
  expect(error).toMatchObject({ status: 409 });
  const { data } = await client.ada.GET('/v1/offers/{offerId}', { params: { path: { offerId } } });
  expect(data).toMatchObject({ state: 'approved', draftedBy: 'ada', approvedBy: 'grace' });
});

describe('a whole purchase with a card', () => {
  it('a coupon is acquired, found by the card, taken off, confirmed and refunded', async () => {
    await acquire(ann);
    const key = randomUUID();
    const sold = await sell(key);
    expect(sold.data).toMatchObject({ outcome: 'approved', originalAmount: 386, discount: 100, amount: 286 });

    const path = { params: { path: { key } } };
    const store = client['store-309'];
    expect((await store.GET('/v1/settlements/{key}', path)).data).toMatchObject({ state: 'granted' });
    expect((await store.PUT('/v1/settlements/{key}/confirmation', path)).data).toMatchObject({
      outcome: 'confirmed',
    });
    expect((await store.PUT('/v1/settlements/{key}/confirmation', path)).data).toMatchObject({
      outcome: 'confirmed',
    });
    const refund = await store.POST('/v1/settlements/{key}/refunds', {
      params: { ...path.params, header: { 'Idempotency-Key': randomUUID() } },
      body: {},
    });
    expect(refund.data).toMatchObject({ amount: 286 });
  });

  it('is repeated with its key until it is answered, and takes no other body under it', async () => {
    const key = randomUUID();
    const first = await sell(key);
    expect((await sell(key)).data).toEqual(first.data);
    expect((await sell(key, { terminalId: '5' })).error).toMatchObject({
      status: 422,
      code: 'idempotency-key-reused',
    });
  });

  it('of fifty at once with one key there is one', async () => {
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 50 }, () => sell(key)));
    const ids = new Set(answers.flatMap(({ data }) => data?.settlementId ?? []));
    const refused = answers.flatMap(({ error }) => error?.code ?? []);
    expect(ids.size).toBe(1);
    expect(new Set(refused).size).toBeLessThanOrEqual(1);
    expect(refused.every((code) => code === 'attempt-in-progress')).toBe(true);
  });

  it('is seen, confirmed and undone by its own store alone', async () => {
    const key = randomUUID();
    await sell(key);
    const path = { params: { path: { key } } };
    const other = client['store-310'];
    expect((await other.GET('/v1/settlements/{key}', path)).data).toMatchObject({ state: 'unknown' });
    expect((await other.PUT('/v1/settlements/{key}/confirmation', path)).error).toMatchObject({
      status: 404,
    });
    await other.PUT('/v1/settlements/{key}/cancellation', path);
    expect((await client['store-309'].GET('/v1/settlements/{key}', path)).data).toMatchObject({
      state: 'granted',
    });
  });
});

it('a holder sees the own coupons and no one else’s', async () => {
  const before = (await couponsOf(bob)).length;
  await acquire(bob);
  await until(async () => (await couponsOf(bob)).length > before);
  const own = (await couponsOf(bob)).map(({ couponId }) => couponId);
  const others = (await couponsOf(ann)).map(({ couponId }) => couponId);
  expect(others.filter((couponId) => own.includes(couponId))).toEqual([]);
});

it('what happened is reported to marketing, and to nobody else', async () => {
  const query = { from: at(-DAY_MS).slice(0, 10), to: at(DAY_MS).slice(0, 10) };
  await until(async () => {
    const { data } = await client.ada.GET('/v1/reports/discount-by-party', { params: { query } });
    return (data?.parties[0]?.discount ?? 0) >= 100;
  });
  const { error } = await client['store-309'].GET('/v1/reports/discount-by-party', { params: { query } });
  expect(error).toMatchObject({ status: 403 });
});

function sell(key: string, change: { terminalId?: string } = {}) {
  return client['store-309'].POST('/v1/settlements', {
    params: { header: { 'Idempotency-Key': key } },
    body: {
      terminalId: '4',
      presentedAt: PRESENTED_AT,
      payment: { kind: 'credit-card', id: CARD },
      purpose: 'purchase',
      currency: 'USD',
      amount: 386,
      capture: 'on-confirm',
      lines: [
        { lineId: '1', productId: PRODUCT, quantity: '2', unit: 'each', amount: 386, discountable: true },
      ],
      ...change,
    },
  });
}
const PRESENTED_AT = at(0);

async function couponsOf(holder: Couplet) {
  const { data, error } = await holder.GET('/v1/me/coupons', { params: { query: { at: at(0) } } });
  if (!data) throw new Error(JSON.stringify(error));
  return data.coupons;
}

async function acquire(holder: Couplet): Promise<void> {
  const acquired = { channel: 'mobile' as const, acquiredAt: at(0), offerIds: [offerId] };
  const key = randomUUID();
  await until(async () => {
    const { data } = await holder.POST('/v1/me/coupons', {
      params: { header: { 'Idempotency-Key': key } },
      body: acquired,
    });
    return data !== undefined;
  });
}

async function liveOffer(): Promise<string> {
  const { ada, grace } = client;
  const parties = [{ party: 'manufacturer:36200', kind: 'manufacturer' as const, title: 'Manufacturer' }];
  await ada.PUT('/v1/funding-parties', { body: { parties } });
  const product = {
    productId: PRODUCT,
    manufacturer: '36200',
    department: '',
    brand: '',
    category: '',
    type: '',
    packageSize: '',
  };
  await ada.PUT('/v1/products', { body: { products: [product] } });
  const id = await drafted();
  await ada.PUT('/v1/offer-submissions', { body: { offerIds: [id] } });
  const { error } = await grace.PUT('/v1/offer-approvals', { body: { offerIds: [id] } });
  if (error) throw new Error(JSON.stringify(error));
  return id;
}

async function drafted(): Promise<string> {
  const [campaignId, id] = [randomUUID(), randomUUID()];
  await client.ada.PUT('/v1/campaigns', {
    body: { campaigns: [{ campaignId, title: 'Autumn', startsAt: at(-DAY_MS), endsAt: at(DAY_MS) }] },
  });
  const { error } = await client.ada.PUT('/v1/offers', {
    body: {
      offers: [
        {
          offerId: id,
          campaignId,
          title: '1.00 off cereal',
          terms: {
            currency: 'USD',
            requires: [{ productIds: [PRODUCT], quantity: 1 }],
            reward: { kind: 'amount-off', amount: 100 },
            funding: [{ party: 'manufacturer:36200', shareBps: 10_000 }],
          },
          conditions: { purposes: ['purchase'], validFrom: at(-DAY_MS), validTo: at(DAY_MS) },
        },
      ],
    },
  });
  if (error) throw new Error(JSON.stringify(error));
  return id;
}

async function registerHolders(): Promise<void> {
  const { error } = await client.telecom.PUT('/v1/holders', {
    body: {
      holders: [
        {
          holderId: ANN,
          attributes: { age_band: '35-44' },
          media: [{ kind: 'credit-card', id: CARD }, POINTS],
        },
        { holderId: BOB, attributes: {}, media: [] },
      ],
    },
  });
  if (error) throw new Error(JSON.stringify(error));
}

async function signedIn(holderId: string): Promise<Couplet> {
  const { data } = await client.telecom.POST('/v1/sign-in-codes', { body: { holderId } });
  const holder = createCouplet({ baseUrl: topology.gatewayUrl, keepSession: true });
  await holder.POST('/v1/session', { body: { code: data!.code } });
  return holder;
}

type Key = ReturnType<typeof newKey>;

function newKey() {
  const pair = generateKeyPairSync('ed25519');
  return {
    publicKey: { ...pair.publicKey.export({ format: 'jwk' }), alg: 'EdDSA' },
    privateKey: { ...pair.privateKey.export({ format: 'jwk' }), alg: 'EdDSA' },
  };
}

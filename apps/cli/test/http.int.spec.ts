import { randomUUID } from 'node:crypto';
import type { Couplet } from '@couplet/client';
import { at, CARD, type HttpSystem, PRODUCT, startHttpSystem } from './http-system.ts';
import { until } from './until.ts';

/** A whole system that is met with nothing but its typed HTTP client. */
const DAY_MS = 86_400_000;

let system: HttpSystem;
beforeAll(async () => (system = await startHttpSystem()), 120_000);
afterAll(() => system?.stop(), 60_000);

it('an offer goes live over HTTP after approval by a second person, whom the credential names', async () => {
  const { error } = await system.client.ada.PUT('/v1/offer-approvals', {
    body: { offerIds: [await system.drafted()] },
  });
  expect(error).toMatchObject({ status: 409 });
  const { data } = await system.client.ada.GET('/v1/offers/{offerId}', {
    params: { path: { offerId: system.offerId } },
  });
  expect(data).toMatchObject({ state: 'approved', draftedBy: 'ada', approvedBy: 'grace' });
});

it('an offer is written as the code of a paper coupon, and the trail names who did what', async () => {
  const { ada } = system.client;
  const write = (family: string) =>
    ada.POST('/v1/offers/{offerId}/coupon-code', {
      params: { path: { offerId: system.offerId } },
      body: { as: { kind: 'upc-a', manufacturer: '36200', family } },
    });
  expect(await write('123')).toMatchObject({ data: { code: expect.stringMatching(/^53620012376\d$/) } });
  expect(await write('12')).toMatchObject({ error: { status: 422, errors: [{ field: 'as.family' }] } });
  const { data } = await ada.GET('/v1/audit', { params: { query: { subject: 'products' } } });
  expect(data?.entries).toMatchObject([{ actor: 'ada', caller: 'gateway', act: 'import' }]);
});

describe('a whole purchase with a card', () => {
  it('a coupon is acquired, found by the card, taken off, confirmed and refunded', async () => {
    await system.acquire(system.ann);
    const key = randomUUID();
    const sold = await sell(key);
    expect(sold.data).toMatchObject({ outcome: 'approved', originalAmount: 386, discount: 100, amount: 286 });

    const path = { params: { path: { key } } };
    const store = system.client['store-309'];
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
    const other = system.client['store-310'];
    expect((await other.GET('/v1/settlements/{key}', path)).data).toMatchObject({ state: 'unknown' });
    expect((await other.PUT('/v1/settlements/{key}/confirmation', path)).error).toMatchObject({
      status: 404,
    });
    await other.PUT('/v1/settlements/{key}/cancellation', path);
    expect((await system.client['store-309'].GET('/v1/settlements/{key}', path)).data).toMatchObject({
      state: 'granted',
    });
  });
});

it('a holder sees the own coupons and no one else’s', async () => {
  const [couponId] = [await system.acquire(system.bob), await system.acquire(system.ann)];
  await until(async () => (await couponsOf(system.bob)).some((coupon) => coupon.couponId === couponId));
  const own = (await couponsOf(system.bob)).map(({ couponId }) => couponId);
  const others = (await couponsOf(system.ann)).map(({ couponId }) => couponId);
  expect(others.filter((couponId) => own.includes(couponId))).toEqual([]);
});

it('what happened is reported to marketing, and to nobody else', async () => {
  const query = { from: at(-DAY_MS).slice(0, 10), to: at(DAY_MS).slice(0, 10) };
  await until(async () => {
    const { data } = await system.client.ada.GET('/v1/reports/discount-by-party', { params: { query } });
    return (data?.parties[0]?.discount ?? 0) >= 100;
  });
  const { error } = await system.client['store-309'].GET('/v1/reports/discount-by-party', {
    params: { query },
  });
  expect(error).toMatchObject({ status: 403 });
});

function sell(key: string, change: { terminalId?: string } = {}) {
  return system.client['store-309'].POST('/v1/settlements', {
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

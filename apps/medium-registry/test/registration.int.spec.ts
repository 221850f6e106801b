import {
  AcquireCouponsV1,
  CouponsAcquiredV1,
  CouponsSearchedV1,
  RegisterHoldersV1,
  SearchCouponsV1,
} from '@couplet/contracts';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import { PRESENTED_AT } from './samples.ts';
import { ASK, Stack } from './stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await Stack.start();
}, 120_000);
afterAll(() => stack.stop());

const register = (holderId: string, media: { kind: 'point-card'; scheme: string; id: string }[]) =>
  stack.operator.request(
    RegisterHoldersV1,
    { holders: [{ holderId, attributes: { age: '25-34' }, media }] },
    ASK,
  );

describe('holders and media', () => {
  it('are registered once, and media are added later', async () => {
    const holderId = uuidv7();
    const [first, second] = [aPointCard(), aPointCard()];

    expect(await register(holderId, [first])).toEqual({ registered: 1, media: 1 });
    expect(await register(holderId, [first])).toEqual({ registered: 0, media: 0 });
    expect(await register(holderId, [first, second])).toEqual({ registered: 0, media: 1 });
  });

  it('are not registered when a medium belongs to another holder, which is not told', async () => {
    const [owner, other] = [uuidv7(), uuidv7()];
    const card = aPointCard();
    await register(owner, [card]);

    const refused = register(other, [aPointCard(), card]);

    await expect(refused).rejects.toMatchObject({
      code: 'conflict',
      message: 'a medium belongs to another holder',
      errors: [{ field: 'holders[0].media[1]', detail: 'belongs to another holder' }],
    });
    const { rowCount } = await stack.pool.query('SELECT FROM holder WHERE holder_id = $1', [other]);
    expect(rowCount).toBe(0);
  });

  it('are refused with a wrong card number, without repeating it', async () => {
    const media = [{ kind: 'credit-card' as const, id: '4111111111111112' }];
    const refused = stack.operator.request(
      RegisterHoldersV1,
      { holders: [{ holderId: uuidv7(), attributes: {}, media }] },
      ASK,
    );

    await expect(refused).rejects.toMatchObject({
      code: 'invalid-request',
      message: expect.not.stringContaining('4111'),
      errors: [{ field: 'holders[0].media[0].id', detail: expect.not.stringContaining('4111') }],
    });
  });

  it('leave no number in the database', async () => {
    const card = aPointCard();
    await register(uuidv7(), [card]);

    const { rows } = await stack.pool.query<{ dump: string }>(
      `SELECT (SELECT json_agg(m)::text FROM medium m) || (SELECT coalesce(json_agg(o)::text, '') FROM outbox o) AS dump`,
    );
    expect(rows[0]!.dump).not.toContain(card.id);
  });
});

describe('the coupon is found', () => {
  it.each([
    { kind: 'credit-card', id: '4111111111111111' },
    { kind: 'debit-card', id: '5555555555554444' },
    { kind: 'point-card', scheme: 'grocer', id: '2261' },
    { kind: 'mileage-card', scheme: 'air', id: 'AB12345' },
  ] as const)('by the $kind that it was acquired for [000-7] [000-17]', async (medium) => {
    const offer = await stack.offer();
    const holder = await stack.holder(offer);
    await stack.operator.request(
      RegisterHoldersV1,
      { holders: [{ holderId: holder.holderId, attributes: {}, media: [medium] }] },
      ASK,
    );

    const { coupons } = await stack.operator.request(SearchCouponsV1, aSearch([medium]), ASK);

    expect(coupons).toMatchObject([
      { couponId: holder.couponIds[0], offerId: offer.offerId, amountMax: 100n },
    ]);
  });
});

describe('coupons are acquired', () => {
  it.each(['web', 'mobile', 'broadcast'] as const)(
    'by %s, which is kept and told [000-3] [000-13]',
    async (channel) => {
      const offer = await stack.offer();
      const { holderId } = await stack.holder();
      const acquisitionId = uuidv7();
      const request = {
        acquisitionId,
        holderId,
        channel,
        acquiredAt: PRESENTED_AT,
        offerIds: [offer.offerId],
      };

      const { coupons } = await stack.operator.request(AcquireCouponsV1, request, ASK);

      expect(await stack.told(CouponsAcquiredV1, acquisitionId)).toMatchObject([
        { holderId, channel, coupons },
      ]);
      const { rows } = await stack.pool.query('SELECT channel FROM acquisition WHERE acquisition_id = $1', [
        acquisitionId,
      ]);
      expect(rows).toEqual([{ channel }]);
    },
  );

  it('once per acquisitionId: a repeat gets the same coupons, another body is refused', async () => {
    const [offer, other] = [await stack.offer(), await stack.offer()];
    const { holderId } = await stack.holder();
    const request = {
      acquisitionId: uuidv7(),
      holderId,
      channel: 'web' as const,
      acquiredAt: PRESENTED_AT,
      offerIds: [offer.offerId, other.offerId, offer.offerId],
    };
    const acquire = (body: typeof request) => stack.operator.request(AcquireCouponsV1, body, ASK);

    const [first, ...repeats] = await Promise.all([acquire(request), acquire(request), acquire(request)]);

    expect(first.coupons.map(({ offerId }) => offerId)).toEqual(request.offerIds);
    expect(new Set(first.coupons.map(({ couponId }) => couponId)).size).toBe(3);
    expect(repeats).toEqual([first, first]);
    expect(await stack.told(CouponsAcquiredV1, request.acquisitionId)).toHaveLength(1);
    await expect(acquire({ ...request, offerIds: [other.offerId] })).rejects.toMatchObject({
      code: 'attempt-conflict',
    });
  });

  it('of live offers only: the others are named and none is acquired', async () => {
    const live = await stack.offer();
    const over = await stack.offer({ conditions: { validTo: '2026-05-09T00:00:00Z' } });
    const unknown = uuidv7();
    const { holderId } = await stack.holder();
    const offerIds = [live.offerId, over.offerId, unknown];
    const request = {
      acquisitionId: uuidv7(),
      holderId,
      channel: 'web' as const,
      acquiredAt: PRESENTED_AT,
      offerIds,
    };

    await expect(stack.operator.request(AcquireCouponsV1, request, ASK)).rejects.toMatchObject({
      code: 'not-found',
      errors: [
        { field: 'offerIds[1]', detail: `offer ${over.offerId} is over` },
        { field: 'offerIds[2]', detail: `offer ${unknown} is not live` },
      ],
    });
    const { rowCount } = await stack.pool.query('SELECT FROM coupon WHERE holder_id = $1', [holderId]);
    expect(rowCount).toBe(0);
  });

  it('by known holders only', async () => {
    const offer = await stack.offer();
    const holderId = uuidv7();
    const request = { acquisitionId: uuidv7(), holderId, channel: 'web' as const, acquiredAt: PRESENTED_AT };
    const refused = stack.operator.request(AcquireCouponsV1, { ...request, offerIds: [offer.offerId] }, ASK);

    await expect(refused).rejects.toMatchObject({ code: 'not-found' });
  });

  it('two thousand at once', async () => {
    const offer = await stack.offer();
    const { holderId } = await stack.holder();
    const couponIds = await stack.acquire(
      holderId,
      Array.from({ length: 2_000 }, () => offer),
    );
    expect(new Set(couponIds).size).toBe(2_000);
  });
});

describe('search', () => {
  it('finds what may be used for this purpose, soonest to expire first, and reserves nothing', async () => {
    const soon = await stack.offer({ conditions: { validTo: '2026-05-20T00:00:00Z' } });
    const late = await stack.offer({ terms: { reward: { kind: 'percent-off', rateBps: 1_000 } } });
    const bread = await stack.offer({ terms: { requires: [{ productIds: ['bread'], quantity: 1 }] } });
    const rental = await stack.offer({ conditions: { purposes: ['rental'] } });
    const holder = await stack.holder(late, rental, soon, bread);
    const search = (options: object) =>
      stack.operator.request(SearchCouponsV1, { ...aSearch([holder.point]), ...options }, ASK);

    const all = await search({});
    const touching = await search({ productIds: ['bread'] });
    const first = await search({ limit: 1 });

    expect(new Set(all.coupons.map(({ offerId }) => offerId))).toEqual(
      new Set([soon.offerId, late.offerId, bread.offerId]),
    );
    expect(all.coupons[0]).toMatchObject({
      offerId: soon.offerId,
      amountMax: 100n,
      validTo: '2026-05-20T00:00:00.000Z',
    });
    expect(touching.coupons.map(({ offerId }) => offerId)).toEqual([bread.offerId]);
    expect(first.coupons.map(({ offerId }) => offerId)).toEqual([soon.offerId]);
    expect(await stack.couponState(holder.couponIds[2]!)).toEqual({ usesLeft: 1, held: 0, used: 0 });
  });

  it('says of a coupon that the till takes nothing off for it: it is credited later', async () => {
    const credited = await stack.offer({ conditions: { settledBy: 'statement-credit' } });
    const holder = await stack.holder(credited, await stack.offer());

    const { coupons } = await stack.operator.request(SearchCouponsV1, aSearch([holder.point]), ASK);

    const settledBy = Object.fromEntries(coupons.map((coupon) => [coupon.couponId, coupon.settledBy]));
    const [first, second] = holder.couponIds as [string, string];
    expect(settledBy).toEqual({ [first]: 'statement-credit', [second]: undefined });
  });

  it('is told, also when it finds nothing', async () => {
    const search = aSearch([(await stack.holder()).point]);

    await stack.operator.request(SearchCouponsV1, search, ASK);

    const [told] = await stack.told(CouponsSearchedV1, search.searchId);
    expect(told).toMatchObject({
      searchId: search.searchId,
      purpose: 'purchase',
      result: 'none',
      offerIds: [],
    });
    expect(told).not.toHaveProperty('settlementId');
  });
});

function aSearch(media: z.output<typeof SearchCouponsV1.request>['media']) {
  return { searchId: uuidv7(), media, purpose: 'purchase', presentedAt: PRESENTED_AT, limit: 50 };
}

function aPointCard(): { kind: 'point-card'; scheme: string; id: string } {
  return { kind: 'point-card', scheme: 'grocer', id: uuidv7().replaceAll('-', '') };
}

import { CouponsSearchedV1, ReserveCouponsV1 } from '@couplet/contracts';
import { ProblemError } from '@couplet/contracts';
import { v7 as uuidv7 } from 'uuid';
import { aReserve } from './samples.ts';
import { ASK, Stack } from './stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await Stack.start();
}, 120_000);
afterAll(() => stack.stop());

describe('reserve', () => {
  it('finds the coupon by any medium of its holder [000-7] [000-17]', async () => {
    const offer = await stack.offer();
    const holder = await stack.holder(offer, offer);

    const byPoints = await stack.reserve({ media: [holder.point] });
    const byCredit = await stack.reserve({ media: [holder.credit] });
    const byDebit = await stack.reserve({ media: [{ ...holder.credit, kind: 'debit-card' }] });

    expect(byPoints).toMatchObject({
      couponSearch: 'found',
      discount: 100n,
      coupons: [{ offerId: offer.offerId }],
    });
    expect(byCredit).toMatchObject({ couponSearch: 'found', discount: 100n });
    expect(byDebit).toMatchObject({ couponSearch: 'none' });
    expect(byPoints.coupons[0]!.couponId).not.toBe(byCredit.coupons[0]!.couponId);
  });

  it.each([
    { title: 'an amount', reward: { kind: 'amount-off', amount: 75n }, pieces: 1, discount: 75n },
    { title: 'a percentage', reward: { kind: 'percent-off', rateBps: 2_500 }, pieces: 1, discount: 97n },
    { title: 'a free item', reward: { kind: 'free-item', quantity: 1 }, pieces: 3, discount: 386n },
  ] as const)('takes off what the coupon is for: $title', async ({ reward, pieces, discount }) => {
    const requires = [{ productIds: ['milk'], quantity: pieces }];
    const holder = await stack.holder(await stack.offer({ terms: { reward, requires } }));

    const answer = await stack.reserve({ media: [holder.point], products: ['milk', 'milk', 'milk'] });

    expect(answer).toMatchObject({ couponSearch: 'found', discount });
  });

  it('takes coupons of several holders when their media are presented together', async () => {
    const bread = await stack.offer({ terms: { requires: [{ productIds: ['bread'], quantity: 1 }] } });
    const [one, other] = [await stack.holder(await stack.offer()), await stack.holder(bread)];

    const answer = await stack.reserve({ media: [one.point, other.credit], products: ['milk', 'bread'] });

    const found = answer.coupons.map(({ couponId }) => couponId);
    expect(new Set(found)).toEqual(new Set([...one.couponIds, ...other.couponIds]));
  });

  it('finds nothing that needs products for a basket that is not told by its lines', async () => {
    const holder = await stack.holder(await stack.offer());
    const answer = await stack.reserve({ media: [holder.point], lines: [], amount: 386n });
    expect(answer).toMatchObject({ couponSearch: 'none', refused: [] });
  });

  it('takes off the amount of such a basket what needs no products', async () => {
    const holder = await stack.holder(await stack.offer({ terms: { requires: [] } }), await stack.offer());
    const answer = await stack.reserve({ media: [holder.point], lines: [], amount: 386n });
    expect(answer).toMatchObject({
      couponSearch: 'found',
      discount: 100n,
      coupons: [{ couponId: holder.couponIds[0]!, discount: 100n, lines: [] }],
      refused: [],
    });
  });

  it('gives one coupon to exactly one of ten settlements at once', async () => {
    const holder = await stack.holder(await stack.offer());

    const answers = await Promise.all(
      Array.from({ length: 10 }, () => stack.reserve({ media: [holder.point] })),
    );

    expect(answers.filter(({ couponSearch }) => couponSearch === 'found')).toHaveLength(1);
    expect(await stack.couponState(holder.couponIds[0]!)).toEqual({ usesLeft: 0, held: 1, used: 0 });
  });

  it('answers a repeat, at the same time or later, as the first time, and takes nothing more', async () => {
    const offer = await stack.offer();
    const holder = await stack.holder(offer, offer, offer);
    const request = aReserve({ media: [holder.point] });

    const atOnce = await Promise.all(Array.from({ length: 5 }, () => stack.reserveAs(request)));
    const later = await stack.reserveAs(request);

    expect(new Set([...atOnce, later].map((answer) => JSON.stringify(answer, bigintAsText))).size).toBe(1);
    expect(later.coupons).toHaveLength(1);
    const left = await Promise.all(holder.couponIds.map((couponId) => stack.couponState(couponId)));
    expect(left.map(({ usesLeft }) => usesLeft).sort()).toEqual([0, 1, 1]);
    expect(await stack.told(CouponsSearchedV1, request.settlementId)).toHaveLength(1);
  });

  it('stores an answer of none, and gives it again when there is a coupon by then', async () => {
    const offer = await stack.offer();
    const holder = await stack.holder();
    const request = aReserve({ media: [holder.point] });

    const before = await stack.reserveAs(request);
    await stack.acquire(holder.holderId, [offer]);

    expect(before.couponSearch).toBe('none');
    expect(await stack.reserveAs(request)).toEqual(before);
    expect(await stack.reserve({ media: [holder.point] })).toMatchObject({ couponSearch: 'found' });
  });

  it('tells of every search, with or without a find', async () => {
    const offer = await stack.offer();
    const holder = await stack.holder(offer);
    const unknown = { kind: 'point-card' as const, token: `test:${'A'.repeat(43)}` };

    const found = await stack.reserve({ media: [holder.point] });
    const none = await stack.reserve({ media: [unknown] });

    const [tellsFound] = await stack.told(CouponsSearchedV1, found.settlementId);
    const [tellsNone] = await stack.told(CouponsSearchedV1, none.settlementId);
    expect(tellsFound).toMatchObject({
      result: 'found',
      offerIds: [offer.offerId],
      holderIds: [holder.holderId],
    });
    expect(tellsNone).toMatchObject({ result: 'none', offerIds: [], holderIds: [] });
  });

  it('gives only coupons that are for this purpose, this store, this medium and this time', async () => {
    const holder = await stack.holder(
      await stack.offer({ conditions: { purposes: ['rental'] } }),
      await stack.offer({ conditions: { stores: ['310'] } }),
      await stack.offer({ conditions: { mediumKinds: ['mileage-card'] } }),
      await stack.offer({ conditions: { validFrom: '2026-05-20T00:00:00Z' } }),
    );

    const purchase = await stack.reserve({ media: [holder.point] });
    const rental = await stack.reserve({ media: [holder.point], purpose: 'rental' });
    const elsewhere = await stack.reserve({ media: [holder.point], storeId: '310' });
    const atLast = await stack.reserve({ media: [holder.point], presentedAt: '2026-05-20T00:00:00Z' });

    expect(purchase.coupons).toEqual([]);
    expect(purchase.refused.map(({ reason }) => reason).sort()).toEqual([
      'medium-kind-differs',
      'purpose-differs',
      'store-differs',
    ]);
    expect(rental.coupons.map(({ couponId }) => couponId)).toEqual([holder.couponIds[0]]);
    expect(elsewhere.coupons.map(({ couponId }) => couponId)).toEqual([holder.couponIds[1]]);
    expect(atLast.coupons.map(({ couponId }) => couponId)).toEqual([holder.couponIds[3]]);
  });

  it('refuses a till whose clock is further off than is tolerated', async () => {
    const reserve = stack.reserve({
      presentedAt: '1950-01-01T00:00:00Z',
      media: [(await stack.holder()).point],
    });

    await expect(reserve).rejects.toThrow(expect.objectContaining({ code: 'invalid-request' }));
    await expect(reserve).rejects.toBeInstanceOf(ProblemError);
  });

  it('is answered to settlement-relay only', async () => {
    const request = aReserve({ media: [(await stack.holder()).point], settlementId: uuidv7() });

    await expect(stack.operator.request(ReserveCouponsV1, request, ASK)).rejects.toThrow(
      expect.objectContaining({ code: 'caller-not-allowed' }),
    );
  });
});

function bigintAsText(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}

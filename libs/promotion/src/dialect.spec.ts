import { aCoupon, aLine, basketOf } from '../test/baskets.ts';
import type { BasketLine } from './basket.ts';
import type { Dialect } from './dialect.ts';
import { evaluate } from './evaluate.ts';
import type { Coupon } from './evaluation.ts';
import type { LineScope, OfferTerms, Reward } from './terms.ts';

/** Offers over lines, stacked as given: what each option of the dialect changes. */
function discounts(
  lines: BasketLine[],
  coupons: Coupon[],
  dialect: Partial<Dialect> = {},
): Record<string, bigint> {
  const { applied } = evaluate(basketOf(...lines), coupons, { strategy: 'stacking', dialect });
  const byLine: Record<string, bigint> = {};
  for (const { lineId, discount } of applied.flatMap((coupon) => coupon.lines)) {
    byLine[lineId] = (byLine[lineId] ?? 0n) + discount;
  }
  return byLine;
}

const line = (lineId: string, amount: bigint, quantity = 1, changes: Partial<BasketLine> = {}) =>
  aLine(lineId, { amount, quantity: `${quantity}`, productId: lineId, ...changes });
const scope = (changes: Partial<LineScope> = {}): LineScope => ({
  kind: 'lines',
  target: 'lines',
  allocation: 'each',
  ...changes,
});
const offer = (reward: Reward, changes: Partial<Coupon> = {}, terms: Partial<OfferTerms> = {}): Coupon => ({
  ...aCoupon(changes.couponId ?? 'offer', { requires: [], reward, ...terms }),
  ...changes,
});
const percent = (rateBps: number, on: LineScope = scope()) => ({ kind: 'percent-off', rateBps, on }) as const;
const amount = (minor: bigint, on: LineScope = scope()) =>
  ({ kind: 'amount-off', amount: minor, on }) as const;
const ORDER = scope({ target: 'order', allocation: 'across' });

describe('every option of the dialect', () => {
  it.each<{ option: Partial<Dialect>; discount: bigint }>([
    { option: { fixedEach: 'unit' }, discount: 200n },
    { option: { fixedEach: 'line' }, discount: 100n },
  ])('$option.fixedEach: an amount for each', ({ option, discount }) => {
    expect(discounts([line('a', 1_000n, 2)], [offer(amount(100n))], option)).toEqual({ a: discount });
  });

  it.each<{ option: Partial<Dialect>; discount: bigint }>([
    { option: { percentRoundedPer: 'line' }, discount: 152n },
    { option: { percentRoundedPer: 'unit' }, discount: 153n },
  ])('$option.percentRoundedPer: 10 % of three at 505', ({ option, discount }) => {
    expect(discounts([line('a', 1_515n, 3)], [offer(percent(1_000))], option)).toEqual({ a: discount });
  });

  it.each<{ option: Partial<Dialect>; discount: bigint }>([
    { option: { percentRoundedPer: 'line' }, discount: 152n },
    { option: { percentRoundedPer: 'unit' }, discount: 153n },
    { option: { percentHalf: 'down' }, discount: 151n },
  ])('$option: also of pieces that a coupon takes', ({ option, discount }) => {
    const terms = {
      requires: [{ productIds: ['a'], quantity: 3 }],
      reward: { kind: 'percent-off', rateBps: 1_000 },
    } as const;
    expect(discounts([line('a', 1_515n, 3)], [aCoupon('c', terms)], option)).toEqual({ a: discount });
  });

  it.each<{ option: Partial<Dialect>; discount: Record<string, bigint> }>([
    { option: { orderPercentRoundedPer: 'total' }, discount: { a: 1n } },
    { option: { orderPercentRoundedPer: 'line' }, discount: { a: 1n, b: 1n } },
  ])('$option.orderPercentRoundedPer: 10 % of an order of two lines at 5', ({ option, discount }) => {
    expect(discounts([line('a', 5n), line('b', 5n)], [offer(percent(1_000, ORDER))], option)).toEqual(
      discount,
    );
  });

  it.each<{ option: Partial<Dialect>; discount: bigint }>([
    { option: { percentHalf: 'up' }, discount: 11n },
    { option: { percentHalf: 'down' }, discount: 10n },
  ])('$option.percentHalf: half a minor unit', ({ option, discount }) => {
    expect(discounts([line('a', 105n)], [offer(percent(1_000))], option)).toEqual({ a: discount });
  });

  it.each<{ option: Partial<Dialect>; discount: bigint }>([
    { option: { percentsOfOneOffer: 'compound' }, discount: 750n },
    { option: { percentsOfOneOffer: 'add' }, discount: 1_000n },
  ])('$option.percentsOfOneOffer: twice 50 %', ({ option, discount }) => {
    const twice = offer({ kind: 'several', rewards: [percent(5_000), percent(5_000)] });
    expect(discounts([line('a', 1_000n)], [twice], option)).toEqual({ a: discount });
  });

  it.each<{ option: Partial<Dialect>; discount: Record<string, bigint> }>([
    { option: { freeUnits: 'cheapest' }, discount: { b: 200n } },
    { option: { freeUnits: 'highest-subtotal-line' }, discount: { a: 300n } },
  ])('$option.freeUnits: buy one, get one', ({ option, discount }) => {
    const buyGet = offer({
      kind: 'buy-get',
      rateBps: 10_000,
      buy: {},
      buyQuantity: 1,
      get: {},
      getQuantity: 1,
    });
    expect(discounts([line('a', 600n, 2), line('b', 200n)], [buyGet], option)).toEqual(discount);
  });

  it.each<{ option: Partial<Dialect>; discount: Record<string, bigint> }>([
    { option: { candidateTies: 'front' }, discount: { a: 50n } },
    { option: { candidateTies: 'back' }, discount: { b: 50n } },
  ])('$option.candidateTies: once, on one of two alike', ({ option, discount }) => {
    const once = offer(percent(5_000, scope({ allocation: 'once' })));
    expect(discounts([line('a', 100n), line('b', 100n)], [once], option)).toEqual(discount);
  });

  it.each<{ option: Partial<Dialect>; discount: Record<string, bigint> }>([
    { option: { candidateTies: 'front' }, discount: { b: 100n } },
    { option: { candidateTies: 'back' }, discount: { a: 100n } },
  ])('$option.candidateTies: buy one of two alike, get the other', ({ option, discount }) => {
    const alike = { lineIds: ['a', 'b'] };
    const buyGet = offer({
      kind: 'buy-get',
      rateBps: 10_000,
      buy: alike,
      buyQuantity: 1,
      get: alike,
      getQuantity: 1,
    });
    expect(discounts([line('a', 100n), line('b', 100n)], [buyGet], option)).toEqual(discount);
  });

  it.each<{ option: Partial<Dialect>; discount: Record<string, bigint> }>([
    { option: { splitBy: 'listed' }, discount: { a: 50n, b: 50n } },
    { option: { splitBy: 'gross' }, discount: { a: 60n, b: 40n } },
  ])('$option.splitBy: an amount over lines with different tax', ({ option, discount }) => {
    const half = { taxRate: { numerator: 1n, denominator: 2n } };
    expect(
      discounts([line('a', 500n, 1, half), line('b', 500n)], [offer(amount(100n, ORDER))], option),
    ).toEqual(discount);
  });

  it.each<{ option: Partial<Dialect>; discount: Record<string, bigint> }>([
    { option: { method: 'largest-remainder' }, discount: { a: 161n, b: 53n, c: 86n } },
    { option: { method: 'nearest-then-front' }, discount: { a: 162n, b: 52n, c: 86n } },
    { option: { method: 'rest-on-last' }, discount: { a: 161n, b: 53n, c: 86n } },
  ])('$option.method: who gets the minor unit that is left over', ({ option, discount }) => {
    const lines = [line('a', 4_300n), line('b', 1_400n), line('c', 2_300n)];
    expect(discounts(lines, [offer(amount(300n, ORDER))], option)).toEqual(discount);
  });

  it.each<{ option: Partial<Dialect>; discount: Record<string, bigint>; refused: string[] }>([
    { option: { manualOrder: 'adds' }, discount: { a: 150n }, refused: [] },
    {
      option: { manualOrder: 'replaces-order-discounts' },
      discount: { a: 50n },
      refused: ['overridden-by-manual'],
    },
  ])('$option.manualOrder: a cashier and a voucher on the order', ({ option, discount, refused }) => {
    const coupons = [
      offer(amount(100n, ORDER), { couponId: 'voucher' }),
      offer(amount(50n, ORDER), { couponId: 'cashier', trigger: 'manual' }),
    ];
    expect(discounts([line('a', 1_000n)], coupons, option)).toEqual(discount);
    const evaluation = evaluate(basketOf(line('a', 1_000n)), coupons, {
      strategy: 'stacking',
      dialect: option,
    });
    expect(evaluation.refused.map(({ reason }) => reason)).toEqual(refused);
  });

  it.each<{ option: Partial<Dialect>; discount: Record<string, bigint> }>([
    { option: { manualLine: 'adds' }, discount: { a: 600n, b: 200n } },
    { option: { manualLine: 'replaces-catalogue' }, discount: { a: 500n, b: 200n } },
  ])('$option.manualLine: a cashier and the catalogue on one line', ({ option, discount }) => {
    const coupons = [
      offer(percent(2_000), { couponId: 'catalogue', catalogue: true, trigger: 'automatic' }),
      offer(percent(5_000, scope({ select: { lineIds: ['a'] } })), {
        couponId: 'cashier',
        trigger: 'manual',
      }),
    ];
    expect(discounts([line('a', 1_000n), line('b', 1_000n)], coupons, option)).toEqual(discount);
  });
});

describe('offers one after the other', () => {
  it('never go below a floor, and give the others what it refuses', () => {
    const lines = [line('a', 1_000n, 1, { amountMin: 900n }), line('b', 1_000n)];
    expect(discounts(lines, [offer(amount(600n, ORDER))])).toEqual({ a: 100n, b: 500n });
  });

  it('are refused whole where their budget would overflow', () => {
    const budget = { kind: 'spend', limit: 99n, used: 0n } as const;
    const { applied, refused } = evaluate(basketOf(line('a', 1_000n)), [offer(percent(1_000), { budget })], {
      strategy: 'stacking',
    });
    expect(applied).toEqual([]);
    expect(refused).toMatchObject([{ reason: 'campaign-budget-exceeded' }]);
  });

  it('go by priority, and as given where it is equal', () => {
    const first = offer(amount(1_000n, ORDER), { couponId: 'amount' });
    const half = (priority: number) =>
      offer(percent(5_000, ORDER), { couponId: 'half' }, { stacking: { priority } });
    expect(discounts([line('a', 2_000n)], [first, half(0)])).toEqual({ a: 1_500n });
    expect(discounts([line('a', 2_000n)], [first, half(1)])).toEqual({ a: 2_000n });
  });

  it('leave an exclusive one alone, even where it saves less', () => {
    const alone = offer(percent(1_000), { couponId: 'alone' }, { stacking: { exclusive: true } });
    expect(discounts([line('a', 1_000n)], [offer(percent(2_000)), alone])).toEqual({ a: 100n });
  });

  it('look at a threshold before discounts, or after those of earlier offers', () => {
    const later = (evaluated: 'before' | 'after-earlier') =>
      offer(
        amount(100n, ORDER),
        { couponId: 'later' },
        {
          conditions: [{ kind: 'min-subtotal', amount: 1_000n, evaluated }],
        },
      );
    const half = offer(percent(5_000, ORDER), { couponId: 'half' });
    expect(discounts([line('a', 1_000n)], [half, later('before')])).toEqual({ a: 600n });
    expect(discounts([line('a', 1_000n)], [half, later('after-earlier')])).toEqual({ a: 500n });
  });
});

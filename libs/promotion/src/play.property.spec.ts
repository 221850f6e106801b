import fc from 'fast-check';
import { aCoupon, aLine, basketOf } from '../test/baskets.ts';
import { bestInTurns } from '../test/turn-oracle.ts';
import { evaluate } from './evaluate.ts';
import type { Coupon } from './evaluation.ts';
import type { LineScope, OfferTerms } from './terms.ts';

/** Coupons on pieces in two groups, and offers on the order or its lines, that meet on the same few pieces. */
const baskets = fc
  .array(
    fc.record({
      productId: fc.constantFrom('soap', 'tea'),
      quantity: fc.constantFrom('1', '1', '2'),
      amount: fc.bigInt(0n, 60n),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((drafts) => basketOf(...drafts.map((draft, n) => aLine(`${n}`, draft))));

const EACH_LINE: LineScope = { kind: 'lines', target: 'lines', allocation: 'each-line' };
const rateBps = fc.constantFrom(1_000, 2_500, 3_333, 5_000, 10_000);
const priority = fc.constantFrom(-1, 0, 0, 0, 1);
const onPieces: fc.Arbitrary<Partial<OfferTerms>> = fc.record({
  requires: fc
    .record({
      productIds: fc.constantFrom(['soap'], ['tea'], ['soap', 'tea']),
      quantity: fc.constantFrom(1, 1, 2),
    })
    .map((set) => [set]),
  reward: fc.oneof(
    fc.record({ kind: fc.constant('amount-off' as const), amount: fc.bigInt(1n, 50n) }),
    fc.record({ kind: fc.constant('percent-off' as const), rateBps }),
  ),
  stacking: fc.record({ group: fc.constantFrom('maker', 'store'), priority }),
});
const onLines: fc.Arbitrary<Partial<OfferTerms>> = fc.record({
  requires: fc.constant([]),
  reward: fc.oneof(
    fc.record({ kind: fc.constant('amount-off' as const), amount: fc.bigInt(1n, 50n) }),
    fc.record({ kind: fc.constant('percent-off' as const), rateBps }),
    fc.record({ kind: fc.constant('percent-off' as const), rateBps, on: fc.constant(EACH_LINE) }),
  ),
  stacking: fc.record({ priority }),
});
const held = fc
  .array(fc.oneof(onPieces, onPieces, onLines), { minLength: 1, maxLength: 4 })
  .map((offers) => offers.map((terms, n) => aCoupon(`${n}`, terms)));

describe('offers in several turns', () => {
  it('save what trying everything saves, and say that it is proven', () => {
    fc.assert(
      fc.property(baskets, held, (basket, coupons) => {
        const { discount, missedAtMost } = evaluate(basket, coupons);
        expect(missedAtMost).toBe(0n);
        expect(Number(discount)).toBe(bestInTurns(basket, coupons));
      }),
      { numRuns: 500 },
    );
  });

  it('never save less for one more offer', () => {
    fc.assert(
      fc.property(baskets, held, (basket, coupons) => {
        expect(evaluate(basket, coupons.slice(1)).discount).toBeLessThanOrEqual(
          evaluate(basket, coupons).discount,
        );
      }),
      { numRuns: 400 },
    );
  });

  it('save the same in whatever order offers are given', () => {
    const shuffled = fc
      .tuple(baskets, held)
      .chain(([basket, coupons]) =>
        fc.tuple(
          fc.constant({ basket, coupons }),
          fc.shuffledSubarray(coupons, { minLength: coupons.length }),
        ),
      );
    fc.assert(
      fc.property(shuffled, ([{ basket, coupons }, others]) => {
        expect(evaluate(basket, others).discount).toBe(evaluate(basket, coupons).discount);
      }),
      { numRuns: 400 },
    );
  });

  it('save the same in whatever order lines are given, where no priority lets one share out cents before another', () => {
    const ofOneGroup = held.map((coupons) =>
      coupons.map((coupon) => ({ ...coupon, terms: { ...coupon.terms, stacking: {} } })),
    );
    const shuffled = fc
      .tuple(baskets, ofOneGroup)
      .chain(([basket, coupons]) =>
        fc.tuple(
          fc.constant({ basket, coupons }),
          fc.shuffledSubarray([...basket.lines], { minLength: basket.lines.length }),
        ),
      );
    fc.assert(
      fc.property(shuffled, ([{ basket, coupons }, lines]) => {
        expect(evaluate({ ...basket, lines }, coupons).discount).toBe(evaluate(basket, coupons).discount);
      }),
      { numRuns: 400 },
    );
  });
});

it('one coupon of the maker and one of the store serve one piece; two of the maker do not', () => {
  const maker = (couponId: string) => aCoupon(couponId, { stacking: { group: 'maker' } });
  const basket = basketOf(aLine('1'));

  expect(evaluate(basket, [maker('a'), aCoupon('b', { stacking: { group: 'store' } })]).discount).toBe(200n);
  expect(evaluate(basket, [maker('a'), maker('b')]).discount).toBe(100n);
});

it('says how much it may have missed where the search ends before it is proven', () => {
  const lines = Array.from({ length: 12 }, (_, n) =>
    aLine(`${n}`, { productId: `p${n}`, amount: BigInt(100 + 7 * n) }),
  );
  const all = lines.map(({ productId }) => productId);
  const coupons: Coupon[] = Array.from({ length: 12 }, (_, n) =>
    aCoupon(`${n}`, {
      requires: [{ productIds: all, quantity: 2 }],
      reward: { kind: 'percent-off', rateBps: 4_000 + 300 * n },
      stacking: { group: n % 2 === 0 ? 'maker' : 'store' },
    }),
  );
  const { missedAtMost } = evaluate(basketOf(...lines), coupons, { stepsMax: 100 });

  expect(missedAtMost).toBeGreaterThan(0n);
});

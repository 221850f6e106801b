import fc from 'fast-check';
import { aCoupon, aLine, basketOf } from '../test/baskets.ts';
import { bruteForce } from '../test/oracle.ts';
import { evaluate } from './evaluate.ts';
import type { Coupon } from './evaluation.ts';
import type { OfferTerms } from './terms.ts';

/** Over when asked so often. */
const after = (asks: number) => {
  let asked = 0;
  return () => ++asked > asks;
};

const storeMatch = { party: 'store', upToTotal: 60n };
const KINDS: (Pick<OfferTerms, 'reward' | 'storeMatch'> & Pick<Coupon, 'budget'>)[] = [
  { reward: { kind: 'amount-off', amount: 30n } },
  { reward: { kind: 'percent-off', rateBps: 2_500, amountMax: 90n } },
  { reward: { kind: 'fixed-price', amount: 130n }, storeMatch },
  { reward: { kind: 'free-item', quantity: 1 } },
  { reward: { kind: 'percent-off', rateBps: 5_000 }, budget: { kind: 'spend', limit: 450n, used: 0n } },
];

describe('a search that is over early', () => {
  it('tells no less than what it may have missed, however early', () => {
    const held = fc.array(
      fc.record({
        kind: fc.constantFrom(...KINDS),
        productIds: fc.subarray(['soap', 'tea', 'milk'], { minLength: 1 }),
        quantity: fc.integer({ min: 1, max: 3 }),
      }),
      { minLength: 1, maxLength: 5 },
    );
    const lines = fc.array(
      fc.record({ productId: fc.constantFrom('soap', 'tea', 'milk'), amount: fc.bigInt(150n, 400n) }),
      { minLength: 2, maxLength: 8 },
    );
    fc.assert(
      fc.property(lines, held, fc.nat(8), (drafts, offers, asks) => {
        const basket = basketOf(...drafts.map((draft, n) => aLine(`${n}`, draft)));
        const coupons = offers.map(({ kind: { budget, ...terms }, ...set }, n) => ({
          ...aCoupon(`${n}`, { ...terms, requires: [set] }),
          budget,
        }));
        const { discount, missedAtMost } = evaluate(basket, coupons, { isOver: after(asks) });
        const best = BigInt(bruteForce(basket, coupons).total);
        expect(discount).toBeLessThanOrEqual(best);
        expect(discount + missedAtMost).toBeGreaterThanOrEqual(best);
        expect(discount > 0n).toBe(best > 0n);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each(KINDS)(
    'finds a deal without any time, the same each time, and a better one with more: $reward',
    (kind) => {
      const { budget, ...terms } = kind;
      const basket = basketOf(
        ...Array.from({ length: 60 }, (_, n) =>
          aLine(`${n}`, { productId: `p${n}`, amount: BigInt(150 + ((n * 37) % 60) * 15) }),
        ),
      );
      const coupons = Array.from({ length: 12 }, (_, n) => {
        const productIds = Array.from({ length: 45 }, (__, k) => `p${(n * 7 + k * 11) % 60}`);
        return {
          ...aCoupon(`${n}`, { ...terms, requires: [{ productIds, quantity: 4 }] }),
          budget: budget && { ...budget, limit: 1_700n },
        };
      });
      const at = (asks: number) => evaluate(basket, coupons, { isOver: after(asks) });
      expect(at(0).discount).toBeGreaterThan(0n);
      expect(at(50)).toEqual(at(50));
      const { discount, missedAtMost } = at(0);
      expect(at(2_000).discount).toBeGreaterThanOrEqual(discount);
      expect(at(2_000).discount).toBeLessThanOrEqual(discount + missedAtMost);
    },
  );
});

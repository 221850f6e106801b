import fc from 'fast-check';
import { aCoupon, aLine, basketOf } from '../../test/baskets.ts';
import { bruteForce } from '../../test/oracle.ts';
import { evaluate } from '../evaluate.ts';
import type { Basket } from '../basket.ts';
import type { Coupon } from '../evaluation.ts';
import { prepareOffer } from '../prepare.ts';
import { indexBasket, qualify } from '../qualify.ts';
import { rulesOf } from '../rules.ts';
import type { MoneyOff, OfferTerms } from '../terms.ts';
import { handUses } from './hand-uses.ts';
import { discountablePieces } from './pieces.ts';
import { poolPieces } from './pools.ts';

type Draft = Pick<OfferTerms, 'reward' | 'storeMatch'> & { budget?: Coupon['budget'] };

const storeMatch = (upToTotal: bigint) => ({ party: 'store', upToTotal });
const spend = (limit: bigint): Coupon['budget'] => ({ kind: 'spend', limit, used: 0n });

describe('a few coupons on a few pieces come to what trying them all comes to', () => {
  const amount = fc.bigInt(1n, 60n);
  const percent = fc.record({
    kind: fc.constant('percent-off' as const),
    rateBps: fc.constantFrom(1_000, 3_333, 5_000, 10_000),
  });
  const fixedPrice = fc.record({ kind: fc.constant('fixed-price' as const), amount });
  const amountOff = fc.record({ kind: fc.constant('amount-off' as const), amount });
  const kinds: Record<string, fc.Arbitrary<Draft>> = {
    'a percentage with a maximum': fc
      .tuple(percent, amount)
      .map(([reward, amountMax]) => ({ reward: { ...reward, amountMax } })),
    'a match of a percentage': fc
      .tuple(percent, amount)
      .map(([reward, upTo]) => ({ reward, storeMatch: storeMatch(upTo) })),
    'a match of a fixed price': fc
      .tuple(fixedPrice, amount)
      .map(([reward, upTo]) => ({ reward, storeMatch: storeMatch(upTo) })),
    'a budget in money': fc
      .tuple(fc.oneof(percent, fixedPrice, amountOff), amount)
      .map(([reward, limit]) => ({ reward, budget: spend(limit) })),
    'rewards beside each other': fc
      .array(fc.oneof<fc.Arbitrary<MoneyOff>[]>(percent, amountOff), { minLength: 2, maxLength: 2 })
      .map((rewards) => ({ reward: { kind: 'several', rewards } })),
  };
  const any = fc.oneof(...Object.values(kinds));
  const matchedWithin = fc
    .tuple(percent, amount, amount, amount)
    .map(([reward, amountMax, upTo, limit]): Draft => ({
      reward: { ...reward, amountMax },
      storeMatch: storeMatch(upTo),
      budget: spend(limit),
    }));
  const products = ['soap', 'tea', 'milk'];
  const sets = fc.array(
    fc.record({
      productIds: fc.subarray(products, { minLength: 1 }),
      quantity: fc.integer({ min: 1, max: 2 }),
    }),
    { minLength: 1, maxLength: 2 },
  );
  /** Prices no lower than what rewards take off, as what a price does not cover is no sum of pieces. */
  const lines = fc.array(
    fc.record({
      productId: fc.constantFrom(...products),
      amount: fc.bigInt(121n, 400n),
      quantity: fc.constantFrom('1', '1', '2'),
    }),
    { minLength: 2, maxLength: 5 },
  );

  it.each(Object.entries({ ...kinds, 'any of these': any, 'all of these': matchedWithin }))(
    '%s',
    (_, kind) => {
      fc.assert(
        fc.property(
          lines,
          fc.array(fc.tuple(sets, kind), { minLength: 1, maxLength: 4 }),
          (drafts, offers) => {
            const basket = basketOf(...drafts.map((draft, n) => aLine(`${n}`, draft)));
            const held = offers.map(([requires, { budget, ...terms }], n) => ({
              ...aCoupon(`${n}`, { requires, ...terms }),
              budget,
            }));
            const { total, totalMax } = dealOf(basket, held);
            const best = bruteForce(basket, held).total;
            expect({ total, totalMax }).toEqual({ total: best, totalMax: best });
          },
        ),
        { numRuns: 100 },
      );
    },
  );
});

/** What they come to without what is tried before. */
function dealOf(basket: Basket, held: readonly Coupon[]): { total: number; totalMax: number } {
  const uses = held.flatMap((coupon) => {
    const offer = prepareOffer(coupon.terms);
    const matches = qualify(offer, indexBasket(basket));
    return typeof matches === 'string' ? [] : [{ coupon, offer, matches }];
  });
  if (uses.length === 0) return { total: 0, totalMax: 0 };
  const lines = basket.lines.map((line) => ({ line, discount: 0n }));
  const { pools, demands } = poolPieces(discountablePieces(lines), uses);
  const requests = uses.map(({ offer }, at) => ({ offer, demand: demands[at]! }));
  const { total, totalMax } = handUses(uses, requests, pools, rulesOf({}))!;
  return { total, totalMax };
}

describe('twelve coupons of three pieces on sixty lines, whose sets overlap', () => {
  const lines = Array.from({ length: 60 }, (_, n) =>
    aLine(`${n}`, { productId: `p${n}`, amount: BigInt(100 + ((n * 37) % 60) * 15 + (n % 7)) }),
  );
  const percent = (n: number) => ({ kind: 'percent-off', rateBps: 1_000 + 290 * n }) as const;
  const fixedPrice = (n: number) => ({ kind: 'fixed-price', amount: BigInt(700 + 90 * n) }) as const;
  const limit = (n: number) => BigInt(170 + 31 * n);

  it.each<{ title: string; draft: (n: number) => Draft }>([
    {
      title: 'percentages with a maximum',
      draft: (n) => ({ reward: { ...percent(n), amountMax: limit(n) } }),
    },
    {
      title: 'matches of a percentage',
      draft: (n) => ({ reward: percent(n), storeMatch: storeMatch(2n * limit(n)) }),
    },
    {
      title: 'matches of a fixed price',
      draft: (n) => ({ reward: fixedPrice(n), storeMatch: storeMatch(4n * limit(n)) }),
    },
    { title: 'percentages within a budget', draft: (n) => ({ reward: percent(n), budget: spend(limit(n)) }) },
    {
      title: 'fixed prices within a budget',
      draft: (n) => ({ reward: fixedPrice(n), budget: spend(limit(n)) }),
    },
    {
      title: 'percentages beside amounts',
      draft: (n) => ({
        reward: { kind: 'several', rewards: [percent(n), { kind: 'amount-off', amount: limit(n) }] },
      }),
    },
  ])('$title: the best is proven', ({ draft }) => {
    for (const size of [21, 45]) {
      const held = Array.from({ length: 12 }, (_, n) => {
        const productIds = Array.from({ length: 60 }, (__, k) => `p${(n * 7 + k * 11) % 60}`).slice(0, size);
        const { budget, ...terms } = draft(n);
        return { ...aCoupon(`${n}`, { requires: [{ productIds, quantity: 3 }], ...terms }), budget };
      });
      const { discount, missedAtMost } = evaluate(basketOf(...lines), held);
      expect(missedAtMost).toBe(0n);
      expect(discount).toBeGreaterThan(0n);
    }
  });
});

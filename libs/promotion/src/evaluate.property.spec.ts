import fc from 'fast-check';
import { aCoupon, aLine } from '../test/baskets.ts';
import { bruteForce } from '../test/oracle.ts';
import { evaluate } from './evaluate.ts';
import type { Basket, BasketLine } from './basket.ts';
import type { Coupon, Evaluation } from './evaluation.ts';
import type { OfferTerms, Reward } from './terms.ts';

const PRODUCTS = ['soap', 'rice', 'milk', 'tea'];

/** Few products, few pieces and small prices, so that coupons compete and roundings tie. */
const lines: fc.Arbitrary<BasketLine[]> = fc
  .array(
    fc.record({
      productId: fc.constantFrom(...PRODUCTS),
      quantity: fc.constantFrom('1', '2', '3', '0', '0.0', '1.5', '0.4'),
      unit: fc.constantFrom('each', 'each', 'each', 'kg'),
      amount: fc.oneof(fc.bigInt(0n, 12n), fc.bigInt(0n, 400n)),
      discountable: fc.constantFrom(true, true, true, true, false),
    }),
    { maxLength: 4 },
  )
  .map((drafts) => drafts.map((draft, n) => ({ lineId: `line-${n}`, ...draft })));

const reward = (piecesRequired: number): fc.Arbitrary<Reward> =>
  fc.oneof(
    fc.record({ kind: fc.constant('amount-off' as const), amount: fc.bigInt(0n, 150n) }),
    fc.record(
      {
        kind: fc.constant('percent-off' as const),
        rateBps: fc.oneof(
          fc.constantFrom(0, 1_000, 3_333, 5_000, 10_000),
          fc.integer({ min: 0, max: 10_000 }),
        ),
        amountMax: fc.bigInt(0n, 100n),
      },
      { requiredKeys: ['kind', 'rateBps'] },
    ),
    fc.record({
      kind: fc.constant('free-item' as const),
      quantity: fc.integer({ min: 1, max: piecesRequired }),
    }),
  );

const funding: fc.Arbitrary<OfferTerms['funding']> = fc
  .array(fc.integer({ min: 0, max: 10_000 }), { maxLength: 2 })
  .map((cuts) => [0, ...cuts.sort((a, b) => a - b), 10_000])
  .map((cuts) => cuts.slice(1).map((cut, n) => ({ party: `party-${n}`, shareBps: cut - cuts[n]! })));

const requires = fc.array(
  fc.record({
    productIds: fc.uniqueArray(fc.constantFrom(...PRODUCTS), { minLength: 1, maxLength: 3 }),
    quantity: fc.integer({ min: 1, max: 2 }),
  }),
  { minLength: 1, maxLength: 2 },
);

const terms: fc.Arbitrary<OfferTerms> = requires.chain((sets) =>
  fc.record(
    {
      currency: fc.constantFrom('USD', 'USD', 'USD', 'USD', 'USD', 'EUR'),
      requires: fc.constant(sets),
      reward: reward(sets.reduce((pieces, { quantity }) => pieces + quantity, 0)),
      funding,
      storeMatch: fc.record({ party: fc.constant('store'), upToTotal: fc.bigInt(0n, 120n) }),
    },
    { requiredKeys: ['currency', 'requires', 'reward', 'funding'] },
  ),
);

/** Some coupons share their terms, as several coupons of one offer do. */
const coupons: fc.Arbitrary<Coupon[]> = fc
  .tuple(fc.array(terms, { minLength: 1, maxLength: 3 }), fc.array(fc.nat(2), { maxLength: 5 }))
  .map(([offers, picks]) =>
    picks.map((pick, n) => ({
      couponId: `coupon-${n}`,
      offerId: `offer-${pick % offers.length}`,
      terms: offers[pick % offers.length]!,
    })),
  );

const basketOf = (basketLines: readonly BasketLine[]): Basket => ({ currency: 'USD', lines: basketLines });
const total = (parts: readonly { discount?: bigint; amount?: bigint }[]) =>
  parts.reduce((sum, part) => sum + (part.discount ?? part.amount ?? 0n), 0n);
const usedBy = (evaluation: Evaluation, held: readonly Coupon[]) =>
  evaluation.applied.map(({ couponId }) => held.findIndex((coupon) => coupon.couponId === couponId));

function holds(
  property: (basket: Basket, held: Coupon[], evaluation: Evaluation) => void,
  numRuns = 1_000,
): void {
  fc.assert(
    fc.property(lines, coupons, (basketLines, held) => {
      const basket = basketOf(basketLines);
      property(basket, held, evaluate(basket, held));
    }),
    { numRuns },
  );
}

describe('on any basket', () => {
  it('saves what trying every combination saves, with the same coupons', () => {
    holds((basket, held, evaluation) => {
      const best = bruteForce(basket, held);
      expect({ total: Number(evaluation.discount), used: usedBy(evaluation, held) }).toEqual(best);
    }, 1_500);
  });

  it('the same where many small coupons want the same few pieces, and totals tie', () => {
    const few = fc
      .array(fc.record({ productId: fc.constantFrom('soap', 'tea'), quantity: fc.constantFrom('1', '2') }), {
        minLength: 1,
        maxLength: 3,
      })
      .map((drafts) =>
        drafts.map((draft, n) => ({
          ...draft,
          lineId: `${n}`,
          unit: 'each',
          amount: 20n,
          discountable: true,
        })),
      );
    const small = fc.record({
      products: fc.constantFrom(['soap'], ['tea'], ['soap', 'tea']),
      quantity: fc.constantFrom(1, 1, 2),
      amount: fc.bigInt(1n, 4n),
    });
    fc.assert(
      fc.property(few, fc.array(small, { minLength: 3, maxLength: 7 }), (basketLines, offers) => {
        const held = offers.map(({ products, quantity, amount }, n) =>
          aCoupon(`${n}`, {
            requires: [{ productIds: products, quantity }],
            reward: { kind: 'amount-off', amount },
          }),
        );
        const evaluation = evaluate(basketOf(basketLines), held);
        const found = { total: Number(evaluation.discount), used: usedBy(evaluation, held) };
        expect(found).toEqual(bruteForce(basketOf(basketLines), held));
      }),
      { numRuns: 1_000 },
    );
  });

  it('the same for the cheapest and the dearest of several, for more pieces than are required, and for rewards beside each other', () => {
    const price = fc.constantFrom(10n, 13n, 20n, 35n);
    const basket = fc
      .array(fc.record({ productId: fc.constantFrom('soap', 'tea', 'milk'), amount: price }), {
        minLength: 2,
        maxLength: 7,
      })
      .map((drafts) => basketOf(drafts.map((draft, n) => aLine(`${n}`, draft))));
    const products = fc.constantFrom(['soap', 'tea'], ['tea', 'milk'], ['soap', 'tea', 'milk']);
    const part = fc.record({
      kind: fc.constant('percent-off' as const),
      rateBps: fc.constantFrom(10_000, 5_000),
    });
    const byPrice = (quantity: number) =>
      fc.tuple(
        part,
        fc.constantFrom('cheapest' as const, 'dearest' as const),
        fc.integer({ min: 1, max: quantity }),
      );
    const some = fc.integer({ min: 1, max: 3 }).chain((quantity) =>
      fc.oneof(
        fc.tuple(products, byPrice(quantity)).map(([productIds, [reward, kind, count]]) => ({
          requires: [{ productIds, quantity }],
          reward: { ...reward, on: { kind, quantity: count } },
        })),
        fc.tuple(products, part, fc.bigInt(1n, 9n)).map(([productIds, reward, amount]) => ({
          requires: [{ productIds, quantity, quantityMax: quantity + 1 }],
          reward: { kind: 'several' as const, rewards: [reward, { kind: 'amount-off' as const, amount }] },
        })),
      ),
    );
    fc.assert(
      fc.property(basket, fc.array(some, { minLength: 1, maxLength: 4 }), (lines, offers) => {
        const held = offers.map((offer, n) => aCoupon(`${n}`, offer));
        const evaluation = evaluate(lines, held);
        const found = { total: Number(evaluation.discount), used: usedBy(evaluation, held) };
        expect(found).toEqual(bruteForce(lines, held));
        expect(evaluation.missedAtMost).toBe(0n);
      }),
      { numRuns: 400 },
    );
  });

  it('the lines of a coupon, its funding and the coupons themselves sum to the discount', () => {
    holds((_basket, _held, { discount, applied }) => {
      for (const coupon of applied) {
        expect(total(coupon.lines)).toBe(coupon.discount);
        expect(total(coupon.funding)).toBe(coupon.discount);
        expect(coupon.discount).toBeGreaterThan(0n);
      }
      expect(total(applied)).toBe(discount);
    });
  });

  it('no line is discounted below zero, and none that takes no discount', () => {
    holds((basket, _held, { applied }) => {
      for (const { lineId, amount, discountable } of basket.lines) {
        const discount = total(
          applied.flatMap((coupon) => coupon.lines.filter((line) => line.lineId === lineId)),
        );
        expect(discount).toBeLessThanOrEqual(discountable ? amount : 0n);
      }
    });
  });

  it('every coupon is either applied or refused, in the order given', () => {
    holds((_basket, held, { applied, refused }) => {
      const order = new Map(held.map(({ couponId }, position) => [couponId, position]));
      const positions = (outcomes: { couponId: string }[]) =>
        outcomes.map(({ couponId }) => order.get(couponId)!);
      const rising = (numbers: number[]) => [...numbers].sort((a, b) => a - b);

      expect(positions(applied)).toEqual(rising(positions(applied)));
      expect(positions(refused)).toEqual(rising(positions(refused)));
      expect(rising([...positions(applied), ...positions(refused)])).toEqual([...held.keys()]);
    });
  });

  it('the order of lines and of coupons does not change the total', () => {
    const shuffled = fc
      .tuple(lines, coupons)
      .chain(([basketLines, held]) =>
        fc.tuple(
          fc.constant({ basketLines, held }),
          fc.shuffledSubarray(basketLines, { minLength: basketLines.length }),
          fc.shuffledSubarray(held, { minLength: held.length }),
        ),
      );
    fc.assert(
      fc.property(shuffled, ([{ basketLines, held }, otherLines, otherHeld]) => {
        const discount = evaluate(basketOf(basketLines), held).discount;
        expect(evaluate(basketOf(otherLines), held).discount).toBe(discount);
        expect(evaluate(basketOf(basketLines), otherHeld).discount).toBe(discount);
      }),
      { numRuns: 1_000 },
    );
  });

  it('one more coupon never lowers the discount', () => {
    holds((basket, held, { discount }) => {
      if (held.length > 0) expect(evaluate(basket, held.slice(0, -1)).discount).toBeLessThanOrEqual(discount);
    });
  });
});

import { type Basket, type Coupon, evaluate, type OfferTerms, type SolveProgram } from '@couplet/promotion';
import fc from 'fast-check';
import { aCoupon, aLine, basketOf } from '../../promotion/test/baskets.ts';
import { bruteForce } from '../../promotion/test/oracle.ts';
import { integerSolver } from '../src/solver.ts';

type Draft = Pick<OfferTerms, 'reward' | 'storeMatch'> & Pick<Coupon, 'budget'>;

let solver: SolveProgram;
let solved = 0;
beforeAll(async () => (solver = await integerSolver(() => 60_000)));

const solve: SolveProgram = (program) => {
  solved++;
  return solver(program);
};
/** Says nothing of programs over ways, in which every column gains: what is left are those over pieces. */
const solvePieces: SolveProgram = (program) =>
  program.gains.every((gain) => gain > 0) ? { bound: Infinity } : solve(program);

const amount = fc.bigInt(1n, 60n);
const rateBps = fc.constantFrom(1_000, 3_333, 5_000, 10_000);
const KINDS: Record<string, fc.Arbitrary<Draft>> = {
  'percentages with a maximum, matched, within a budget': fc
    .tuple(rateBps, amount, amount, amount)
    .map(([rate, amountMax, upToTotal, limit]) => ({
      reward: { kind: 'percent-off', rateBps: rate, amountMax },
      storeMatch: { party: 'store', upToTotal },
      budget: { kind: 'spend', limit, used: 0n },
    })),
  'fixed prices, matched': fc.tuple(amount, amount).map(([price, upToTotal]) => ({
    reward: { kind: 'fixed-price', amount: price },
    storeMatch: { party: 'store', upToTotal },
  })),
  'the cheapest free, or cheaper': fc.oneof(
    fc.constant({ reward: { kind: 'free-item' as const, quantity: 1 } }),
    rateBps.map((rate) => ({
      reward: { kind: 'percent-off' as const, rateBps: rate, on: { kind: 'cheapest' as const, quantity: 1 } },
    })),
  ),
};
const products = ['soap', 'tea', 'milk'];
const sets = fc.array(
  fc.record({
    productIds: fc.subarray(products, { minLength: 1 }),
    quantity: fc.integer({ min: 1, max: 2 }),
  }),
  { minLength: 1, maxLength: 2 },
);
const lines = fc.array(
  fc.record({
    productId: fc.constantFrom(...products),
    amount: fc.bigInt(121n, 400n),
    quantity: fc.constantFrom('1', '1', '2'),
  }),
  { minLength: 2, maxLength: 6 },
);

const every = { ...KINDS, 'all of these beside each other': fc.oneof(...Object.values(KINDS)) };

/** Baskets whose best deal trying them all finds. */
function onSmallBaskets(kind: fc.Arbitrary<Draft>, check: (basket: Basket, held: Coupon[]) => void): void {
  solved = 0;
  fc.assert(
    fc.property(lines, fc.array(fc.tuple(sets, kind), { minLength: 1, maxLength: 5 }), (drafts, offers) => {
      const basket: Basket = basketOf(...drafts.map((draft, n) => aLine(`${n}`, draft)));
      const held = offers.map(([requires, { budget, ...terms }], n) => ({
        ...aCoupon(`${n}`, { requires, ...terms }),
        budget,
      }));
      check(basket, held);
    }),
    { numRuns: 600 },
  );
  expect(solved).toBeGreaterThan(10);
}

describe('what the searches are given no time for, the solver proves', () => {
  it.each(Object.entries(every))('over ways, it is the best there is: %s', (_, kind) =>
    onSmallBaskets(kind, (basket, held) => {
      const { discount, missedAtMost } = evaluate(basket, held, { stepsMax: 1, solve });
      expect([discount, missedAtMost]).toEqual([BigInt(bruteForce(basket, held).total), 0n]);
    }),
  );

  it.each(Object.entries(every))('over pieces, nothing exceeds its bound: %s', (_, kind) =>
    onSmallBaskets(kind, (basket, held) => {
      const { discount, missedAtMost } = evaluate(basket, held, { stepsMax: 1, solve: solvePieces });
      const best = BigInt(bruteForce(basket, held).total);
      expect(discount).toBeLessThanOrEqual(best);
      expect(discount + missedAtMost).toBeGreaterThanOrEqual(best);
    }),
  );
});

it('proves over pieces what is free of alike ones: two of them are not half of what is dearer', () => {
  // Three and two of any, and two teas: a solver that may count the half of a use would promise 15 % more than all coupons can.
  const basket = basketOf(
    aLine('soap', { productId: 'soap', amount: 320n, quantity: '2' }),
    aLine('tea', { productId: 'tea', amount: 400n, quantity: '4' }),
  );
  const any = (quantity: number) => ({ productIds: ['soap', 'tea'], quantity });
  const freeOf = (...requires: OfferTerms['requires'][number][]) => ({
    requires,
    reward: { kind: 'free-item' as const, quantity: 1 },
  });
  const held = [
    aCoupon('five', freeOf(any(3), any(2))),
    aCoupon('two', freeOf({ productIds: ['tea'], quantity: 2 })),
  ];
  const { discount, missedAtMost } = evaluate(basket, held, { stepsMax: 1, solve: solvePieces });
  expect([discount, missedAtMost]).toEqual([BigInt(bruteForce(basket, held).total), 0n]);
});

it('proves a dozen coupons on sixty lines that the searches do not', () => {
  const basket = basketOf(
    ...Array.from({ length: 60 }, (_, n) =>
      aLine(`${n}`, { productId: `p${n}`, amount: BigInt(100 + ((n * 37) % 60) * 15 + (n % 7)) }),
    ),
  );
  const held = Array.from({ length: 12 }, (_, n) => {
    const productIds = Array.from({ length: 54 }, (__, k) => `p${(n * 7 + k * 11) % 60}`);
    const other = Array.from({ length: 54 }, (__, k) => `p${(n * 5 + k * 13) % 60}`);
    const requires = [
      { productIds, quantity: 3 },
      { productIds: other, quantity: 1 },
    ];
    return aCoupon(`${n}`, { requires, reward: { kind: 'free-item', quantity: 1 } });
  });
  const { discount, missedAtMost } = evaluate(basket, held, { stepsMax: 3_000 });
  const proven = evaluate(basket, held, { stepsMax: 3_000, solve });
  expect(missedAtMost).toBeGreaterThan(0n);
  expect(proven.missedAtMost).toBe(0n);
  expect(proven.discount).toBeGreaterThanOrEqual(discount);
  expect(proven.discount).toBeLessThanOrEqual(discount + missedAtMost);
}, 120_000);

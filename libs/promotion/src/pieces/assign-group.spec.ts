import fc from 'fast-check';
import { aCoupon, aLine, basketOf } from '../../test/baskets.ts';
import { evaluate } from '../evaluate.ts';
import type { Reward } from '../terms.ts';
import { assign } from './assignment.ts';

describe('an assignment', () => {
  it('comes to what trying them all comes to', () => {
    const worth = fc.oneof({ arbitrary: fc.integer({ min: -5, max: 9 }), weight: 4 }, fc.constant(-Infinity));
    const rows = fc
      .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 4 }))
      .chain(([count, columns]) =>
        fc.array(
          fc.tuple(
            fc.array(worth, { minLength: columns, maxLength: columns }),
            fc.integer({ min: -20, max: 3 }),
          ),
          {
            minLength: count,
            maxLength: count,
          },
        ),
      );
    fc.assert(
      fc.property(rows, (drafts) => {
        const values = drafts.map(([row]) => row);
        const without = drafts.map(([, left]) => left);
        const { total, columnOf } = assign(
          values.map((row) => Float64Array.from(row)),
          without,
        );
        expect(total).toBe(byTryingAll(values, without));
        const taken = columnOf.filter((column) => column !== undefined);
        expect(new Set(taken).size).toBe(taken.length);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('twelve coupons of three and four pieces on sixty lines, whose sets overlap', () => {
  const lines = Array.from({ length: 60 }, (_, n) =>
    aLine(`${n}`, { productId: `p${n}`, amount: BigInt(100 + ((n * 37) % 60) * 15) }),
  );
  const held = (reward: (n: number) => Reward) =>
    Array.from({ length: 12 }, (_, n) => {
      const productIds = Array.from({ length: 21 }, (_, k) => `p${(n * 7 + k * (1 + (n % 3))) % 60}`);
      return aCoupon(`${n}`, { requires: [{ productIds, quantity: 3 + (n % 2) }], reward: reward(n) });
    });

  it.each<{ title: string; reward: (n: number) => Reward }>([
    { title: 'amounts', reward: (n) => ({ kind: 'amount-off', amount: BigInt(100 + 13 * n) }) },
    { title: 'percentages', reward: (n) => ({ kind: 'percent-off', rateBps: 500 + 290 * n }) },
    { title: 'fixed prices', reward: (n) => ({ kind: 'fixed-price', amount: BigInt(700 + 90 * n) }) },
    { title: 'the cheapest free', reward: () => ({ kind: 'free-item', quantity: 1 }) },
    {
      title: 'the cheapest of some beside others',
      reward: (n) =>
        n % 3 === 0
          ? { kind: 'percent-off', rateBps: 5_000, on: { kind: 'cheapest', quantity: 2 } }
          : n % 3 === 1
            ? { kind: 'amount-off', amount: BigInt(300 + n) }
            : { kind: 'free-item', quantity: 1 },
    },
  ])('$title: the best is proven', ({ reward }) => {
    const { discount, missedAtMost } = evaluate(basketOf(...lines), held(reward));
    expect(missedAtMost).toBe(0n);
    expect(discount).toBeGreaterThan(0n);
  });
});

function byTryingAll([row, ...others]: number[][], [without, ...rest]: number[]): number {
  if (!row) return 0;
  return row.reduce(
    (best, value, column) => {
      const left = others.map((other) => other.with(column, -Infinity));
      return Math.max(best, value + byTryingAll(left, rest));
    },
    without! + byTryingAll(others, rest),
  );
}

import fc from 'fast-check';
import { allocate, sum } from './allocate.ts';

describe('splitting an amount', () => {
  it.each([
    { total: 100n, weights: [1n, 1n, 1n], parts: [34n, 33n, 33n], because: 'a tie goes to the front' },
    {
      total: 100n,
      weights: [1n, 2n, 4n],
      parts: [14n, 29n, 57n],
      because: 'the largest remainder gets the rest',
    },
    { total: 5n, weights: [0n, 10n], parts: [0n, 5n], because: 'no weight carries nothing' },
    { total: 0n, weights: [0n, 0n], parts: [0n, 0n], because: 'there is nothing to split' },
  ])('$total over $weights is $parts: $because', ({ total, weights, parts }) => {
    expect(allocate(total, weights)).toEqual(parts);
  });

  it('sums to the amount, and no part exceeds its weight where the weights cover it', () => {
    const weights = fc
      .array(fc.bigInt(0n, 10n ** 12n), { minLength: 1, maxLength: 8 })
      .filter((all) => sum(all) > 0n);
    fc.assert(
      fc.property(weights, fc.bigInt(0n, 10n ** 13n), (all, total) => {
        const parts = allocate(total, all);
        expect(sum(parts)).toBe(total);
        if (total <= sum(all)) parts.forEach((part, n) => expect(part).toBeLessThanOrEqual(all[n]!));
      }),
    );
  });

  it('refuses what cannot be split', () => {
    expect(() => allocate(1n, [0n])).toThrow(RangeError);
    expect(() => allocate(-1n, [1n])).toThrow(RangeError);
  });
});

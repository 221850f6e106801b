import fc from 'fast-check';
import { sum } from './allocate.ts';
import type { SplitMethod } from './split.ts';
import { split, splitWithin } from './split.ts';

const METHODS: SplitMethod[] = ['largest-remainder', 'nearest-then-front', 'rest-on-last'];
const weights = fc.array(fc.bigInt(0n, 5_000n), { minLength: 1, maxLength: 8 });

describe.each(METHODS)('a split by %s', (method) => {
  it('sums exactly, also of a negative total', () => {
    fc.assert(
      fc.property(weights, fc.bigInt(-9_999n, 9_999n), (given, total) => {
        expect(sum(split(total, given, { method, zeroWeights: 'even' }))).toBe(total);
      }),
    );
  });

  it('takes from nobody more than the maximum, and all that the maxima allow', () => {
    fc.assert(
      fc.property(weights, fc.bigInt(0n, 50_000n), (given, total) => {
        const shares = splitWithin(total, given, given, { method, zeroWeights: 'nothing' });
        const room = sum(given);
        expect(sum(shares)).toBe(total < room ? total : room);
        expect(shares.every((share, at) => share >= 0n && share <= given[at]!)).toBe(true);
      }),
    );
  });
});

it.each([
  { method: 'largest-remainder', total: 200n, shares: [67n, 67n, 66n], because: 'ties go to the front' },
  { method: 'nearest-then-front', total: 200n, shares: [67n, 67n, 66n], because: 'the back gives back' },
  { method: 'nearest-then-front', total: 100n, shares: [34n, 33n, 33n], because: 'the front gets the rest' },
  { method: 'rest-on-last', total: 100n, shares: [33n, 33n, 34n], because: 'the last takes the rest' },
] as const)('$method of $total over three equals: $because', ({ method, total, shares }) => {
  expect(split(total, [10n, 10n, 10n], { method, zeroWeights: 'nothing' })).toEqual(shares);
});

it('gives zero weights nothing, or all the same', () => {
  expect(split(9n, [0n, 0n], { method: 'largest-remainder', zeroWeights: 'nothing' })).toEqual([0n, 0n]);
  expect(split(9n, [0n, 0n], { method: 'largest-remainder', zeroWeights: 'even' })).toEqual([5n, 4n]);
});

import { percentile } from './percentile.ts';

describe('nearest-rank percentile', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

  it.each([
    { values: [], percent: 50, is: undefined },
    { values: [7], percent: 99, is: 7 },
    { values: [1, 2], percent: 50, is: 1 },
    { values: [10, 9, 100], percent: 99, is: 100 },
    { values: hundred, percent: 50, is: 50 },
    { values: hundred, percent: 99, is: 99 },
    { values: hundred, percent: 100, is: 100 },
  ])('p$percent of $values is $is', ({ values, percent, is }) => {
    expect(percentile(values, percent)).toBe(is);
  });

  it('refuses what is no percentage', () => {
    expect(() => percentile([1], 0)).toThrow(RangeError);
  });
});

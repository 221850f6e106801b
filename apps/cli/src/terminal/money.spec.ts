import { inMajorUnits, minorUnitsOf } from './money.ts';

describe('amounts for people', () => {
  it.each([
    [286n, 'USD', '2.86'],
    [5n, 'USD', '0.05'],
    [-100n, 'USD', '-1.00'],
    [1500n, 'KRW', '1500'],
    [1234n, 'KWD', '1.234'],
  ])('%s minor units of %s are %s', (amount, currency, text) => {
    expect(inMajorUnits(amount, currency)).toBe(text);
    if (amount >= 0n) expect(minorUnitsOf(text, currency)).toBe(amount);
  });

  it.each([
    ['386', 'USD', 'would be a hundredfold if minor units were meant'],
    ['3.8', 'USD', 'a digit is missing'],
    ['-1.00', 'USD', 'negative'],
    ['1.50', 'KRW', 'there is no fraction of a won'],
    ['1e3', 'KRW', 'no digits'],
  ])('%s of %s is refused: %s', (text, currency) => {
    expect(minorUnitsOf(text, currency)).toBeUndefined();
  });
});

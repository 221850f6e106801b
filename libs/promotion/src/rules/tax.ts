import type { Ratio } from './types.ts';

/** An amount without and with tax, unrounded. */
export function taxed(amount: bigint, rate: Ratio, pricesIncludeTax: boolean): { net: Ratio; gross: Ratio } {
  const listed = { numerator: amount, denominator: 1n };
  const factor = rate.numerator + rate.denominator;
  return pricesIncludeTax
    ? { net: { numerator: amount * rate.denominator, denominator: factor }, gross: listed }
    : { net: listed, gross: { numerator: amount * factor, denominator: rate.denominator } };
}

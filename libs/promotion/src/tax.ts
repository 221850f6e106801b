import type { Ratio } from './ratio.ts';

/** An amount without and with tax, unrounded. @param rate tax as a part of the net price; none when absent */
export function taxed(
  amount: bigint,
  rate: Ratio = { numerator: 0n, denominator: 1n },
  pricesIncludeTax: boolean,
): { net: Ratio; gross: Ratio } {
  const listed = { numerator: amount, denominator: 1n };
  const factor = rate.numerator + rate.denominator;
  return pricesIncludeTax
    ? { net: { numerator: amount * rate.denominator, denominator: factor }, gross: listed }
    : { net: listed, gross: { numerator: amount * factor, denominator: rate.denominator } };
}

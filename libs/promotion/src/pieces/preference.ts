/**
 * Totals as whole numbers in which what decides between equal ones is less than one minor unit: so sums are exact, and
 * no two sets of coupons come to the same.
 *
 * @param coupons 20 at most
 */
export function scaleOf(coupons: number): number {
  return coupons * 2 ** (coupons + 1);
}

/** Of equal totals the fewest coupons, then those that come first. */
export function preferenceOf(position: number, coupons: number): number {
  return 2 ** (coupons - 1 - position) - 2 ** coupons;
}

/** The minor units of a scaled total, or of a bound of scaled totals. */
export function wholeUnits(total: number, scale: number): number {
  return Math.floor((total + scale / 2) / scale);
}

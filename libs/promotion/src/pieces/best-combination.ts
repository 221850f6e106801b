import { competingGroups } from './competing-groups.ts';
import { searchGroup } from './search-group.ts';
import type { FoundWays, Way } from './ways.ts';

/** Per coupon the chosen way, and how much more another choice could save at most. */
export interface Combination {
  chosen: (Way | undefined)[];
  missedAtMost: number;
}

/**
 * Chooses at most one way per coupon so that no pool is used beyond its count and the total discount is
 * greatest; of equal totals the fewest coupons, then those that come first.
 *
 * @param found per coupon its ways, greatest discount first
 * @param capacity pieces per pool
 * @param stepsMax of the search per group of coupons that compete
 */
export function bestCombination(
  found: readonly FoundWays[],
  capacity: readonly number[],
  stepsMax: number,
): Combination {
  const ways = found.map((ofCoupon) => ofCoupon.ways.filter(({ discount }) => discount > 0));
  const combination: Combination = { chosen: ways.map(() => undefined), missedAtMost: 0 };
  for (const { coupons, pools } of competingGroups(ways)) {
    const best = searchGroup(
      coupons.map((coupon) => ways[coupon]!),
      capacity.map((count, pool) => (pools.has(pool) ? count : 0)),
      stepsMax,
    );
    best.ways.forEach((way, position) => (combination.chosen[coupons[position]!] = way));
    const totalMax = totalMaxOf(coupons.map((coupon) => found[coupon]!)) ?? best.totalMax;
    combination.missedAtMost += totalMax - best.ways.reduce((sum, way) => sum + (way?.discount ?? 0), 0);
  }
  for (const { ways: none, discountMax } of found) {
    if (none.length === 0) combination.missedAtMost += discountMax; // Above zero where the enumeration ended before it found one.
  }
  return combination;
}

/** Ways that were not looked at may be better than those that were: then only the maxima of the coupons bound the total. */
function totalMaxOf(found: readonly FoundWays[]): number | undefined {
  if (found.every(({ complete }) => complete)) return undefined;
  return found.reduce((sum, { discountMax }) => sum + discountMax, 0);
}

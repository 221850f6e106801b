import type { Effort } from '../rules.ts';
import { competingGroups } from './competing-groups.ts';
import type { GroupResult } from './search-group.ts';
import { searchGroup } from './search-group.ts';
import type { FoundWays, Way } from './ways.ts';
import { totalOf } from './ways.ts';

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
 * @param effort of the search per group of coupons that compete
 */
export function bestCombination(
  found: readonly FoundWays[],
  capacity: readonly number[],
  effort: Effort,
): Combination {
  const ways = found.map((ofCoupon) => ofCoupon.ways.filter(({ discount }) => discount > 0));
  const combination: Combination = { chosen: ways.map(() => undefined), missedAtMost: 0 };
  const wanted = ways.map((ofCoupon) => ofCoupon.flatMap(({ uses }) => uses.map(({ pool }) => pool)));
  for (const { coupons, pools } of competingGroups(wanted)) {
    const ofGroup = capacity.map((count, pool) => (pools.has(pool) ? count : 0));
    const best = searchGroup(
      coupons.map((coupon) => ways[coupon]!),
      ofGroup,
      effort,
    );
    best.ways.forEach((way, position) => (combination.chosen[coupons[position]!] = way));
    const total = totalOf(best.ways);
    combination.missedAtMost +=
      totalMaxOf(
        coupons.map((coupon) => found[coupon]!),
        ofGroup,
        best,
      ) - total;
  }
  for (const { ways: none, discountMax } of found) {
    if (none.length === 0) combination.missedAtMost += discountMax; // Above zero where the enumeration ended before it found one.
  }
  return combination;
}

/**
 * What no combination exceeds: where ways were not looked at, by the maxima of the coupons, or by the prices of
 * pieces (all pieces sold, and what each coupon gains beyond them).
 */
function totalMaxOf(found: readonly FoundWays[], capacity: readonly number[], best: GroupResult): number {
  if (found.every(({ complete }) => complete)) return best.totalMax;
  const each = found.reduce((sum, { discountMax }) => sum + discountMax, 0);
  const sold = capacity.reduce((sum, count, pool) => sum + count * best.prices[pool]!, 0);
  const gains = found.reduce((sum, { gainMax }) => sum + gainMax(best.prices), 0);
  return Math.min(each, Math.ceil(sold + gains));
}

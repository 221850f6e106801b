import { competingGroups } from './competing-groups.ts';
import { searchGroup } from './search-group.ts';
import type { Way } from './ways.ts';

/**
 * Chooses at most one way per coupon so that no pool is used beyond its count and the total discount is
 * greatest; of equal totals the fewest coupons, then those that come first.
 *
 * @param ways per coupon, greatest discount first, none of zero
 * @param capacity pieces per pool
 * @returns per coupon the chosen way
 */
export function bestCombination(ways: readonly Way[][], capacity: readonly number[]): (Way | undefined)[] {
  const chosen: (Way | undefined)[] = ways.map(() => undefined);
  for (const { coupons, pools } of competingGroups(ways)) {
    const best = searchGroup(
      coupons.map((coupon) => ways[coupon]!),
      capacity.map((count, pool) => (pools.has(pool) ? count : 0)),
    );
    best.forEach((way, position) => (chosen[coupons[position]!] = way));
  }
  return chosen;
}

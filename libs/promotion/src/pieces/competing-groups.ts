import type { Way } from './ways.ts';

/** Coupons that want pieces of the same pools, directly or through others, by position. */
export interface CompetingGroup {
  coupons: number[];
  pools: Set<number>;
}

/** Splits coupons into groups that do not influence each other; coupons without a way are in none. */
export function competingGroups(ways: readonly (readonly Way[])[]): CompetingGroup[] {
  let groups: CompetingGroup[] = [];
  ways.forEach((ofCoupon, coupon) => {
    if (ofCoupon.length === 0) return;
    const joined = {
      coupons: [coupon],
      pools: new Set(ofCoupon.flatMap(({ uses }) => uses.map(({ pool }) => pool))),
    };
    groups = groups.filter((group) => {
      const apart = ![...joined.pools].some((pool) => group.pools.has(pool));
      if (!apart) {
        joined.coupons.push(...group.coupons);
        for (const pool of group.pools) joined.pools.add(pool);
      }
      return apart;
    });
    groups.push(joined);
  });
  for (const { coupons } of groups) coupons.sort((a, b) => a - b);
  return groups;
}

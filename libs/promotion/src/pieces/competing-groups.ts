/** Coupons that want pieces of the same pools, directly or through others, by position. */
export interface CompetingGroup {
  coupons: number[];
  pools: Set<number>;
}

/**
 * Splits coupons into groups that do not influence each other; coupons that want nothing are in none.
 *
 * @param wanted per coupon the pools that it can use
 */
export function competingGroups(wanted: readonly (readonly number[])[]): CompetingGroup[] {
  let groups: CompetingGroup[] = [];
  wanted.forEach((ofCoupon, coupon) => {
    if (ofCoupon.length === 0) return;
    const joined = { coupons: [coupon], pools: new Set(ofCoupon) };
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

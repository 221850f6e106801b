import type { Way } from './ways.ts';

/** Nodes of the search tree per group of coupons that compete for the same pieces. */
const NODES_MAX = 20_000;

/**
 * Chooses at most one way per coupon so that no pool is used beyond its count and the total discount is
 * greatest; of equal totals the fewest coupons, then those that come first.
 *
 * Exact by branch and bound until `NODES_MAX`; after that the best found so far, which is never less
 * than what taking the most valuable coupon first gives.
 *
 * @param ways per coupon, greatest discount first, none of zero
 * @param capacity pieces per pool
 * @returns per coupon the chosen way
 */
export function bestCombination(ways: readonly Way[][], capacity: readonly number[]): (Way | undefined)[] {
  const chosen: (Way | undefined)[] = ways.map(() => undefined);
  for (const group of competingGroups(ways)) {
    const best = searchGroup(
      group.map((coupon) => ways[coupon]!),
      capacity,
    );
    best.forEach((way, position) => (chosen[group[position]!] = way));
  }
  return chosen;
}

/** Coupons that share no pool, not even through others, do not influence each other. */
function competingGroups(ways: readonly Way[][]): number[][] {
  let groups: { coupons: number[]; pools: Set<number> }[] = [];
  ways.forEach((ofCoupon, coupon) => {
    const pools = new Set(ofCoupon.flatMap(({ uses }) => uses.map(({ pool }) => pool)));
    if (pools.size === 0) return;
    const joined = { coupons: [coupon], pools };
    groups = groups.filter((group) => {
      const apart = ![...pools].some((pool) => group.pools.has(pool));
      if (!apart) {
        joined.coupons.push(...group.coupons);
        for (const pool of group.pools) joined.pools.add(pool);
      }
      return apart;
    });
    groups.push(joined);
  });
  return groups.map(({ coupons }) => coupons.sort((a, b) => a - b));
}

interface Choice {
  ways: (Way | undefined)[];
  total: number;
  count: number;
}

function searchGroup(ways: readonly Way[][], capacity: readonly number[]): (Way | undefined)[] {
  const left = [...capacity];
  // A choice of the search replaces the greedy one at an equal total: only the search knows the order among equals.
  let best: Choice = { ...greedy(ways, left), count: Infinity };
  const chosen: (Way | undefined)[] = ways.map(() => undefined);
  const { sumFrom, maxFrom } = boundsOf(ways);
  const visited = new Map<string, { total: number; count: number }>();
  const pools = [...new Set(ways.flat().flatMap(({ uses }) => uses.map(({ pool }) => pool)))];
  let nodes = 0;

  function visit(coupon: number, total: number, count: number): void {
    if (total > best.total || (total === best.total && count < best.count))
      best = { ways: [...chosen], total, count };
    if (
      coupon === ways.length ||
      ++nodes > NODES_MAX ||
      !canImprove(coupon, total, count) ||
      seen(coupon, total, count)
    ) {
      return;
    }
    for (const way of ways[coupon]!) {
      if (!fits(way, left)) continue;
      take(way, left, 1);
      chosen[coupon] = way;
      visit(coupon + 1, total + way.discount, count + 1);
      chosen[coupon] = undefined;
      take(way, left, -1);
      if (nodes > NODES_MAX) return;
    }
    visit(coupon + 1, total, count);
  }

  function canImprove(coupon: number, total: number, count: number): boolean {
    const bound = total + sumFrom[coupon]!;
    if (bound !== best.total) return bound > best.total;
    const needed = Math.ceil((best.total - total) / maxFrom[coupon]!);
    return count + needed < best.count;
  }

  /** The same pieces left with no less gained by no more coupons: what follows cannot be better. */
  function seen(coupon: number, total: number, count: number): boolean {
    const state = `${coupon}:${pools.map((pool) => left[pool]).join()}`;
    const before = visited.get(state);
    if (before && (before.total > total || (before.total === total && before.count <= count))) return true;
    visited.set(state, { total, count });
    return false;
  }

  visit(0, 0, 0);
  return best.ways;
}

/** The most valuable coupon first, each on the pieces that are left. */
function greedy(
  ways: readonly Way[][],
  capacity: readonly number[],
): { ways: (Way | undefined)[]; total: number } {
  const left = [...capacity];
  const chosen: (Way | undefined)[] = ways.map(() => undefined);
  let total = 0;
  const mostValuableFirst = ways
    .map((_, coupon) => coupon)
    .sort((a, b) => ways[b]![0]!.discount - ways[a]![0]!.discount);
  for (const coupon of mostValuableFirst) {
    const way = ways[coupon]!.find((candidate) => fits(candidate, left));
    if (!way) continue;
    take(way, left, 1);
    chosen[coupon] = way;
    total += way.discount;
  }
  return { ways: chosen, total };
}

/** Per position, what the coupons from there on come to at most: together, and the best of them. */
function boundsOf(ways: readonly Way[][]): { sumFrom: number[]; maxFrom: number[] } {
  const sumFrom = [0];
  const maxFrom = [0];
  for (const ofCoupon of [...ways].reverse()) {
    const greatest = ofCoupon[0]!.discount;
    sumFrom.unshift(sumFrom[0]! + greatest);
    maxFrom.unshift(Math.max(maxFrom[0]!, greatest));
  }
  return { sumFrom, maxFrom };
}

function fits(way: Way, left: readonly number[]): boolean {
  return way.uses.every(({ pool, count }) => left[pool]! >= count);
}

function take(way: Way, left: number[], direction: 1 | -1): void {
  for (const { pool, count } of way.uses) left[pool] = left[pool]! - direction * count;
}

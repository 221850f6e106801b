import { bestGain, costOf, pricePieces } from './piece-prices.ts';
import type { Way } from './ways.ts';

/** Steps of the search per group of coupons that compete for the same pieces, ways tried included: 10 to 50 ms. */
const STEPS_MAX = 100_000;

/**
 * Chooses at most one way per coupon so that no pool is used beyond its count and the total discount is
 * greatest; of equal totals the fewest coupons, then those that come first.
 *
 * Exact by branch and bound until `STEPS_MAX`; after that the best found so far, which is never less
 * than what taking the most valuable coupon first gives.
 *
 * @param ways per coupon, greatest discount first, none of zero
 * @param capacity pieces per pool
 * @returns per coupon the chosen way
 */
export function bestCombination(ways: readonly Way[][], capacity: readonly number[]): (Way | undefined)[] {
  const chosen: (Way | undefined)[] = ways.map(() => undefined);
  for (const { coupons, pools } of competingGroups(ways)) {
    const ofGroup = capacity.map((count, pool) => (pools.has(pool) ? count : 0));
    const best = searchGroup(
      coupons.map((coupon) => ways[coupon]!),
      ofGroup,
    );
    best.forEach((way, position) => (chosen[coupons[position]!] = way));
  }
  return chosen;
}

/** Coupons that share no pool, not even through others, do not influence each other. */
function competingGroups(ways: readonly Way[][]): { coupons: number[]; pools: Set<number> }[] {
  let groups: { coupons: number[]; pools: Set<number> }[] = [];
  ways.forEach((ofCoupon, coupon) => {
    const joined = {
      coupons: [coupon],
      pools: new Set(ofCoupon.flatMap(({ uses }) => uses.map(({ pool }) => pool))),
    };
    if (joined.pools.size === 0) return;
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

interface Choice {
  ways: (Way | undefined)[];
  total: number;
  count: number;
}

function searchGroup(ways: readonly Way[][], capacity: readonly number[]): (Way | undefined)[] {
  const seed = greedy(ways, capacity);
  const { sumFrom, maxFrom } = boundsOf(ways);
  if (seed.total === sumFrom[0]) return seed.ways; // Every coupon at its best: nothing can be better or equal.

  const prices = pricePieces(ways, capacity, seed.total);
  const gains = ways.map((ofCoupon) => bestGain(ofCoupon, prices).gain);
  // A choice of the search replaces the greedy one at an equal total: only the search knows the order among equals.
  let best: Choice = { ...seed, count: Infinity };
  const chosen: (Way | undefined)[] = ways.map(() => undefined);
  const left = [...capacity];
  const visited = new Map<string, { total: number; count: number }>();
  let steps = 0;

  /** @param worth of the pieces left and the gains of the coupons from here on: what these can still save */
  function visit(coupon: number, total: number, count: number, worth: number): void {
    if (total > best.total || (total === best.total && count < best.count))
      best = { ways: [...chosen], total, count };
    if (coupon === ways.length || ++steps > STEPS_MAX) return;
    if (!canImprove(coupon, total, count, worth) || seen(coupon, total, count)) return;

    const worthAfter = worth - gains[coupon]!;
    for (const way of ways[coupon]!) {
      if (++steps > STEPS_MAX || total + way.discount + sumFrom[coupon + 1]! < best.total) break;
      if (!fits(way, left)) continue;
      take(way, left, 1);
      chosen[coupon] = way;
      visit(coupon + 1, total + way.discount, count + 1, worthAfter - costOf(way, prices));
      chosen[coupon] = undefined;
      take(way, left, -1);
    }
    visit(coupon + 1, total, count, worthAfter);
  }

  function canImprove(coupon: number, total: number, count: number, worth: number): boolean {
    const bound = total + Math.min(sumFrom[coupon]!, wholeUnits(worth));
    if (bound !== best.total) return bound > best.total;
    const needed = Math.ceil((best.total - total) / maxFrom[coupon]!);
    return count + needed < best.count;
  }

  /** The same pieces left with no less gained by no more coupons: what follows cannot be better. */
  function seen(coupon: number, total: number, count: number): boolean {
    const state = `${coupon}:${left.join()}`;
    const before = visited.get(state);
    if (before && (before.total > total || (before.total === total && before.count <= count))) return true;
    visited.set(state, { total, count });
    return false;
  }

  const worthOfAll = capacity.reduce((worth, count, pool) => worth + count * prices[pool]!, 0);
  visit(
    0,
    0,
    0,
    gains.reduce((worth, gain) => worth + gain, worthOfAll),
  );
  return best.ways;
}

/** Discounts are whole minor units, so a bound may be rounded down, but for what floating point may have lost. */
function wholeUnits(bound: number): number {
  return Math.floor(bound + 1e-6 + Math.abs(bound) * 1e-9);
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
    sumFrom.push(sumFrom.at(-1)! + greatest);
    maxFrom.push(Math.max(maxFrom.at(-1)!, greatest));
  }
  return { sumFrom: sumFrom.reverse(), maxFrom: maxFrom.reverse() };
}

function fits(way: Way, left: readonly number[]): boolean {
  return way.uses.every(({ pool, count }) => left[pool]! >= count);
}

function take(way: Way, left: number[], direction: 1 | -1): void {
  for (const { pool, count } of way.uses) left[pool] = left[pool]! - direction * count;
}

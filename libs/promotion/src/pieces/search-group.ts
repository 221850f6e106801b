import { comesFirst, greedyChoice, isBetterChoice } from './greedy-choice.ts';
import { bestGain, costOf, pricePieces, worthwhileWays } from './piece-prices.ts';
import type { Effort } from '../rules.ts';
import { Steps } from '../steps.ts';
import type { Way } from './ways.ts';
import { fits, take } from './ways.ts';

/** The best found, and what no combination of these ways exceeds. */
export interface GroupResult {
  ways: (Way | undefined)[];
  totalMax: number;
  /** Of the pieces of each pool, found while looking for the bound. */
  prices: readonly number[];
}

/** See `Steps`. */
const STEPS_PER_ASK = 100;

/**
 * The best combination of one group of coupons, by branch and bound.
 *
 * Exact until `stepsMax` (ways tried are steps); after that the best found so far, which is no less than what
 * taking the most valuable coupon first gives.
 */
export function searchGroup(
  allWays: readonly Way[][],
  capacity: readonly number[],
  { stepsMax, isOver }: Effort,
): GroupResult {
  let best = greedyChoice(allWays, capacity);
  const greatest = allWays.reduce((total, [way]) => total + way!.discount, 0);
  if (best.total === greatest) {
    return { ways: best.ways, totalMax: greatest, prices: capacity.map(() => 0) }; // Nothing can be better or equal.
  }

  const priced = pricePieces(allWays, capacity, best, isOver);
  const { prices } = priced;
  best = priced.best;
  const ways = worthwhileWays(allWays, priced);
  const { sumFrom, maxFrom } = boundsOf(ways);
  const gains = ways.map((ofCoupon) => bestGain(ofCoupon, prices).gain);
  const wantedFrom = poolsWantedFrom(ways);
  const chosen: (Way | undefined)[] = ways.map(() => undefined);
  const left = [...capacity];
  const visited = new Map<string, Beginning>();
  const steps = new Steps(stepsMax, isOver, STEPS_PER_ASK);

  /** Decides the coupons from `coupon` on. @param worth at most what they can still save, by the prices of pieces */
  function visit(coupon: number, beginning: Beginning, worth: number): void {
    const choice = { ways: chosen, total: beginning.total, count: beginning.count };
    if (isBetterChoice(choice, best)) best = { ...choice, ways: [...chosen] };
    if (coupon === ways.length || steps.spend()) return;
    if (!canImprove(coupon, beginning, worth) || isDominated(coupon, beginning)) return;

    const worthAfter = worth - gains[coupon]!;
    for (const way of ways[coupon]!) {
      const total = beginning.total + way.discount;
      if (steps.spend() || total + sumFrom[coupon + 1]! < best.total) break;
      if (!fits(way, left)) continue;
      take(way, left);
      chosen[coupon] = way;
      visit(
        coupon + 1,
        { total, count: beginning.count + 1, last: { coupon, before: beginning.last } },
        worthAfter - costOf(way, prices),
      );
      chosen[coupon] = undefined;
      take(way, left, -1);
    }
    visit(coupon + 1, beginning, worthAfter);
  }

  function canImprove(coupon: number, { total, count }: Beginning, worth: number): boolean {
    const bound = total + Math.min(sumFrom[coupon]!, wholeUnits(worth));
    if (bound !== best.total) return bound > best.total;
    const countMin = count + Math.ceil((best.total - total) / maxFrom[coupon]!);
    return countMin === best.count ? canComeFirst(coupon) : countMin < best.count;
  }

  /** Whether deciding the coupons from `coupon` on can lead to coupons that come before the best of equal number. */
  function canComeFirst(coupon: number): boolean {
    const soFar = comesFirst(chosen.slice(0, coupon), best.ways);
    if (soFar !== undefined) return soFar;
    const firstUnused = best.ways.indexOf(undefined, coupon);
    return firstUnused >= 0 && best.ways.slice(firstUnused).some((way) => way !== undefined);
  }

  /** The same pieces were left before, with a beginning that was no worse: what follows cannot be better. */
  function isDominated(coupon: number, beginning: Beginning): boolean {
    const state = `${coupon}:${wantedFrom[coupon]!.map((pool) => left[pool]).join()}`;
    const before = visited.get(state);
    if (before && !isBetterBeginning(beginning, before)) return true;
    visited.set(state, beginning);
    return false;
  }

  const worthOfPieces = capacity.reduce((worth, count, pool) => worth + count * prices[pool]!, 0);
  const worth = gains.reduce((total, gain) => total + gain, worthOfPieces);
  visit(0, { total: 0, count: 0, last: undefined }, worth);
  const totalMax = steps.isEnded ? Math.min(greatest, wholeUnits(worth)) : best.total;
  return { ways: best.ways, totalMax, prices };
}

/** The decisions down to a node of the search tree. */
interface Beginning {
  total: number;
  count: number;
  /** The coupons used, last first; nodes share their beginnings. */
  last: Link | undefined;
}

interface Link {
  coupon: number;
  before: Link | undefined;
}

function isBetterBeginning(a: Beginning, b: Beginning): boolean {
  if (a.total !== b.total) return a.total > b.total;
  if (a.count !== b.count) return a.count < b.count;
  let earlier = false;
  for (let [x, y] = [a.last, b.last]; x !== y; [x, y] = [x?.before, y?.before]) {
    if (x!.coupon !== y!.coupon) earlier = x!.coupon < y!.coupon; // The frontmost difference decides, and is met last.
  }
  return earlier;
}

/** Per position, the pools that the coupons from there on can use: what is left of others decides nothing any more. */
function poolsWantedFrom(ways: readonly Way[][]): number[][] {
  const wanted = new Set<number>();
  return ways
    .toReversed()
    .map((ofCoupon) => {
      for (const { uses } of ofCoupon) for (const { pool } of uses) wanted.add(pool);
      return [...wanted];
    })
    .reverse();
}

/** Discounts are whole minor units, so a bound may be rounded down, but for what floating point may have lost. */
function wholeUnits(bound: number): number {
  return Math.floor(bound + 1e-6 + Math.abs(bound) * 1e-9);
}

/** Per position, what the coupons from there on come to at most: together, and the best of them. */
function boundsOf(ways: readonly Way[][]): { sumFrom: number[]; maxFrom: number[] } {
  const sumFrom = [0];
  const maxFrom = [0];
  for (const ofCoupon of [...ways].reverse()) {
    const greatest = ofCoupon[0]?.discount ?? 0;
    sumFrom.push(sumFrom.at(-1)! + greatest);
    maxFrom.push(Math.max(maxFrom.at(-1)!, greatest));
  }
  return { sumFrom: sumFrom.reverse(), maxFrom: maxFrom.reverse() };
}

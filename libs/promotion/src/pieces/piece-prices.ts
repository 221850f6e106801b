import { Steps } from '../steps.ts';
import type { Choice } from './greedy-choice.ts';
import { isBetterChoice } from './greedy-choice.ts';
import type { Way } from './ways.ts';
import { fits, take } from './ways.ts';

/** Rounds of the search for prices; each looks at every way once. */
const ROUNDS_MAX = 300;

/** Ways looked at in all rounds together, so that many ways do not cost more than the search they save. */
const LOOKS_MAX = 2_000_000;

/** See `Steps`. */
const LOOKS_PER_ASK = 10_000;

/** Prices of pieces, the bound they prove, and the best choice met while looking for them. */
export interface Priced {
  prices: number[];
  bound: number;
  best: Choice;
}

/**
 * What a piece of each pool is worth to the coupons that compete for it.
 *
 * With any prices of at least zero, (price of all pieces left) + (what each coupon not yet decided gains
 * at most after paying for its pieces) bounds from above what those coupons can save: Lagrangian
 * relaxation of 'no pool is used beyond its count'. Good prices make the bound tight; found here by subgradient
 * steps. At good prices the coupons with the greatest gains also make a good choice, so each round tries that.
 *
 * @param start some combination; the closer to the best, the better the steps
 * @see Held, Wolfe, Crowder: Validation of subgradient optimization (1974)
 */
export function pricePieces(
  ways: readonly Way[][],
  capacity: readonly number[],
  start: Choice,
  isOver: () => boolean,
): Priced {
  let prices = capacity.map(() => 0);
  const priced: Priced = { prices, bound: Infinity, best: start };
  let stride = 1;
  let roundsSinceBest = 0;
  const looks = new Steps(LOOKS_MAX, isOver, LOOKS_PER_ASK);
  const looksPerRound = ways.flat().length;

  for (let round = 0; round < ROUNDS_MAX; round++) {
    const { bound, spare } = relax(ways, capacity, prices);
    roundsSinceBest++;
    if (bound < priced.bound) {
      Object.assign(priced, { bound, prices });
      roundsSinceBest = 0;
      const choice = choiceAt(prices, ways, capacity);
      if (isBetterChoice(choice, priced.best)) priced.best = choice;
    } else if (roundsSinceBest > 7) {
      stride /= 2;
      roundsSinceBest = 0;
    }
    const steepness = spare.reduce((total, pieces) => total + pieces * pieces, 0);
    if (priced.bound < priced.best.total + 1 || steepness === 0 || looks.spend(looksPerRound)) break;
    const step = (stride * (bound - priced.best.total)) / steepness;
    prices = prices.map((price, pool) => Math.max(0, price - step * spare[pool]!));
  }
  return priced;
}

/**
 * Leaves out the ways that no choice as good as the best known can use: even with the greatest gain of every
 * other coupon the bound falls short. Ways of equal worth stay, for the fewest and first coupons decide then.
 */
export function worthwhileWays(ways: readonly Way[][], { prices, bound, best }: Priced): Way[][] {
  return ways.map((ofCoupon) => {
    const { gain } = bestGain(ofCoupon, prices);
    return ofCoupon.filter((way) => {
      const without = bound - gain + way.discount - costOf(way, prices);
      return without + 1e-6 + Math.abs(bound) * 1e-9 >= best.total;
    });
  });
}

/** The coupon with the greatest gain first, each by the way that gains most of those that still fit. */
function choiceAt(prices: readonly number[], ways: readonly Way[][], capacity: readonly number[]): Choice {
  const left = [...capacity];
  const choice: Choice = { ways: ways.map(() => undefined), total: 0, count: 0 };
  const gains = ways.map((ofCoupon) => bestGain(ofCoupon, prices).gain);
  for (const coupon of [...ways.keys()].sort((a, b) => gains[b]! - gains[a]!)) {
    let best: { gain: number; way?: Way } = { gain: -Infinity };
    for (const way of ways[coupon]!) {
      if (way.discount <= best.gain) break;
      const gain = way.discount - costOf(way, prices);
      if (gain > best.gain && fits(way, left)) best = { gain, way };
    }
    if (!best.way) continue;
    take(best.way, left);
    choice.ways[coupon] = best.way;
    choice.total += best.way.discount;
    choice.count++;
  }
  return choice;
}

/** What a coupon gains from its best way after paying for the pieces; zero if none pays. */
export function bestGain(ofCoupon: readonly Way[], prices: readonly number[]): { gain: number; way?: Way } {
  let best: { gain: number; way?: Way } = { gain: 0 };
  for (const way of ofCoupon) {
    if (way.discount <= best.gain) break; // Ways are sorted: none that follows can gain more.
    const gain = way.discount - costOf(way, prices);
    if (gain > best.gain) best = { gain, way };
  }
  return best;
}

export function costOf(way: Way, prices: readonly number[]): number {
  let cost = 0;
  for (const { pool, count } of way.uses) cost += prices[pool]! * count;
  return cost;
}

/** The bound at these prices, and per pool the pieces left over (below zero: missing) if every coupon took its best way. */
function relax(ways: readonly Way[][], capacity: readonly number[], prices: readonly number[]) {
  const spare = [...capacity];
  let bound = capacity.reduce((total, count, pool) => total + count * prices[pool]!, 0);
  for (const ofCoupon of ways) {
    const { gain, way } = bestGain(ofCoupon, prices);
    bound += gain;
    for (const { pool, count } of way?.uses ?? []) spare[pool] = spare[pool]! - count;
  }
  // A piece left over that costs nothing pulls no price down.
  return { bound, spare: spare.map((pieces, pool) => (pieces > 0 && prices[pool] === 0 ? 0 : pieces)) };
}

import type { Way } from './ways.ts';

/** Rounds of the search for prices; each looks at every way once. */
const ROUNDS_MAX = 150;

/** Ways looked at in all rounds together, so that many ways do not cost more than the search they save. */
const LOOKS_MAX = 2_000_000;

/**
 * What a piece of each pool is worth to the coupons that compete for it.
 *
 * With any prices of at least zero, (price of all pieces left) + (what each coupon not yet decided gains
 * at most after paying for its pieces) bounds from above what those coupons can save: Lagrangian
 * relaxation of 'no pool is used beyond its count'. Good prices make the bound tight; found here by subgradient
 * steps.
 *
 * @param reached a total that some combination reaches; the closer to the best, the better the steps
 * @see Held, Wolfe, Crowder: Validation of subgradient optimization (1974)
 */
export function pricePieces(ways: readonly Way[][], capacity: readonly number[], reached: number): number[] {
  let prices = capacity.map(() => 0);
  let best = { bound: Infinity, prices };
  let stride = 1;
  let roundsSinceBest = 0;
  const rounds = Math.min(ROUNDS_MAX, Math.floor(LOOKS_MAX / ways.flat().length));

  for (let round = 0; round < rounds; round++) {
    const { bound, spare } = relax(ways, capacity, prices);
    roundsSinceBest++;
    if (bound < best.bound) {
      best = { bound, prices };
      roundsSinceBest = 0;
    } else if (roundsSinceBest > 7) {
      stride /= 2;
      roundsSinceBest = 0;
    }
    const steepness = spare.reduce((total, pieces) => total + pieces * pieces, 0);
    if (bound < reached + 1 || steepness === 0) break;
    const step = (stride * (bound - reached)) / steepness;
    prices = prices.map((price, pool) => Math.max(0, price - step * spare[pool]!));
  }
  return best.prices;
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

import type { Steps } from '../steps.ts';
import { assign } from './assignment.ts';
import type { Hands, Mode } from './hands.ts';

/** Rounds of the search for weights, and rounds without a better bound after which steps are shortened. */
const ROUNDS_MAX = 300;
const PATIENCE = 10;

/** Of the direction of the round before, how much is kept: without it the steps go to and fro. */
const MOMENTUM = 0.3;

/** Prices of pieces by pool, and what the coupons give at most in the modes given. */
export interface HandPrices {
  prices: Float64Array;
  bound: number;
}

/**
 * Prices of pieces at which coupons that give the least of some sums want few pieces twice.
 *
 * The least of sums is no more than what they come to with weights that add up to 1, and that is an amount and an amount
 * for each piece: who gets what is then an assignment, solved exactly, and prices come with it. Looks for the weights at
 * which the bound is lowest, by subgradient steps: the direction of a weight is what its sum came to.
 *
 * @param modes per coupon the one it is in; it is left with the weights found
 * @param target a total that is reached: below it no bound can come
 * @param steps counted by the rows that are assigned
 */
export function pricesOf(
  coupons: readonly Hands[],
  modes: readonly Mode[],
  capacity: readonly number[],
  target: number,
  steps: Steps,
): HandPrices {
  const required = coupons.reduce((sum, { setAt }) => sum + setAt.length, 0);
  const poolOf = capacity.flatMap((count, pool) => Array<number>(Math.min(count, required)).fill(pool));
  let weights: readonly (readonly number[])[] = modes.map((mode) => mode.weights);
  let best = { bound: Infinity, prices: new Float64Array(capacity.length), weights };
  let way = weights.map((ofCoupon) => ofCoupon.map(() => 0));
  let stride = 1;
  let roundsSinceBest = 0;
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const { total: bound, prices, sums } = assignAt(coupons, modes, weights, poolOf);
    roundsSinceBest++;
    if (bound < best.bound) {
      if (bound < best.bound - 0.01) roundsSinceBest = 0;
      best = { bound, weights, prices: new Float64Array(capacity.length) };
      for (const [column, pool] of poolOf.entries()) best.prices[pool] = prices[column]!;
    }
    if (best.bound < target + 1 || stride < 2e-3 || steps.spend(required)) break;
    if (roundsSinceBest > PATIENCE) {
      stride /= 1.6;
      roundsSinceBest = 0;
      ({ weights } = best);
      way = way.map((ofCoupon) => ofCoupon.map(() => 0));
      continue;
    }
    way = sums.map((ofCoupon, at) => directions(ofCoupon, way[at]!, weights[at]!));
    const steepness = way.flat().reduce((sum, one) => sum + one * one, 0);
    if (steepness === 0) break;
    const step = (stride * (bound - target)) / steepness;
    weights = weights.map((ofCoupon, at) =>
      addUpToOne(ofCoupon.map((one, sum) => one - step * way[at]![sum]!)),
    );
  }
  for (const [at, mode] of modes.entries()) mode.weights = [...best.weights[at]!];
  return { prices: best.prices, bound: best.bound };
}

/** Who gets which piece at these weights, what it comes to, and per coupon what its sums come to. */
function assignAt(
  coupons: readonly Hands[],
  modes: readonly Mode[],
  weights: readonly (readonly number[])[],
  poolOf: readonly number[],
) {
  const rows = coupons.flatMap(({ setAt }, coupon) => {
    const { fixed, worth } = modes[coupon]!;
    const own = fixed.reduce((sum, amount, i) => sum + amount * weights[coupon]![i]!, 0) / setAt.length;
    const bySet = worth.map((ofSet) =>
      Float64Array.from(poolOf, (pool) =>
        ofSet.reduce((sum, ofSum, i) => sum + weightOf(weights[coupon]![i]!, ofSum[pool]!), own),
      ),
    );
    return setAt.map((set) => ({ coupon, set, values: bySet[set]! }));
  });
  const assigned = assign(
    rows.map(({ values }) => values),
    rows.map(() => 0),
  );
  const sums = modes.map(({ fixed }) => fixed.map(() => 0));
  assigned.columnOf.forEach((column, row) => {
    if (column === undefined) return;
    const { coupon, set } = rows[row]!;
    const { fixed, worth } = modes[coupon]!;
    const share = coupons[coupon]!.setAt.length;
    const ofCoupon = sums[coupon]!;
    fixed.forEach(
      (amount, i) => (ofCoupon[i] = ofCoupon[i]! + amount / share + worth[set]![i]![poolOf[column]!]!),
    );
  });
  return { ...assigned, sums };
}

/** What is not wanted is not wanted at any weight. */
function weightOf(weight: number, worth: number): number {
  return worth === -Infinity ? -Infinity : weight * worth;
}

/** Away from the sums that came to more; a weight of zero goes no lower. */
function directions(
  sums: readonly number[],
  before: readonly number[],
  weights: readonly number[],
): number[] {
  const mean = sums.reduce((total, sum) => total + sum, 0) / sums.length;
  return sums.map((sum, i) => {
    const way = sum - mean + MOMENTUM * before[i]!;
    return sums.length === 1 || (way > 0 && weights[i] === 0) || (way < 0 && weights[i] === 1) ? 0 : way;
  });
}

/** The nearest weights, none below zero, that add up to 1. */
function addUpToOne(weights: readonly number[]): number[] {
  let sum = 0;
  let shift = 0;
  weights
    .toSorted((a, b) => b - a)
    .forEach((weight, i) => {
      sum += weight;
      if (weight > (sum - 1) / (i + 1)) shift = (sum - 1) / (i + 1);
    });
  return weights.map((weight) => Math.max(0, weight - shift));
}

import { Steps } from '../steps.ts';
import type { Hands, Mode, Pieces } from './hands.ts';

/** Pieces of a coupon, and what they gain: what they give less their prices. */
export interface PricedPieces {
  pieces: Pieces;
  gain: number;
}

/** Choices gone through in one search; and in any case, for some at all when there is no time. */
const LOOKS_MAX = 100_000;
const LOOKS_MIN = 200;

/** See `Steps`. */
const LOOKS_PER_ASK = 1_000;

/** Rounds of the search for weights. */
const ROUNDS_MAX = 12;

/** What floating point may have added. */
const LOST = 1e-7;

/**
 * The pieces that gain most in a mode, if any gains more than `least`; and what none gains more than.
 *
 * @param left pieces per pool that can be taken
 */
export function bestPieces(
  coupon: Hands,
  mode: Mode,
  prices: ArrayLike<number>,
  left: ArrayLike<number>,
  isOver: () => boolean,
  least = 0,
): { best?: PricedPieces; gainMax: number } {
  let most = least;
  let best: PricedPieces | undefined;
  const bound = weigh(coupon, mode, prices, left);
  if (bound <= least + LOST) return { gainMax: least };
  const isComplete = goThrough(
    coupon,
    mode,
    prices,
    left,
    () => most + LOST,
    (pieces, gain) => {
      if (gain <= most) return;
      most = gain;
      best = { pieces: [...pieces], gain };
    },
    isOver,
  );
  return { ...(best && { best }), gainMax: isComplete ? most + LOST : bound };
}

/** All pieces that gain at least so much in a mode; undefined if they are more than `countMax`, or it takes too long. */
export function piecesFrom(
  coupon: Hands,
  mode: Mode,
  prices: ArrayLike<number>,
  left: ArrayLike<number>,
  { gainMin, countMax, isOver }: { gainMin: number; countMax: number; isOver: () => boolean },
): PricedPieces[] | undefined {
  const found: PricedPieces[] = [];
  if (weigh(coupon, mode, prices, left) < gainMin) return found;
  const isComplete = goThrough(
    coupon,
    mode,
    prices,
    left,
    () => (found.length > countMax ? Infinity : gainMin),
    (pieces, gain) => {
      if (gain >= gainMin) found.push({ pieces: [...pieces], gain });
    },
    isOver,
  );
  return isComplete && found.length <= countMax ? found : undefined;
}

/** Weighs the sums of a mode, two by two, so that they gain least at most; and tells what that is. */
function weigh(coupon: Hands, mode: Mode, prices: ArrayLike<number>, left: ArrayLike<number>): number {
  let least = weighed(coupon, mode, mode.weights, prices, left).bound;
  for (let i = 0; i < mode.fixed.length; i++) {
    for (let j = i + 1; j < mode.fixed.length; j++) {
      const both = mode.weights[i]! + mode.weights[j]!;
      const at = (weight: number) => {
        const weights = mode.weights.with(i, weight).with(j, both - weight);
        const { bound, sums } = weighed(coupon, mode, weights, prices, left);
        return { weight, weights, bound, slope: sums[i]! - sums[j]! };
      };
      const best = lowest(at, both);
      mode.weights = best.weights;
      least = best.bound;
    }
  }
  return least;
}

interface Tangent {
  weight: number;
  weights: number[];
  bound: number;
  slope: number;
}

/** The least of a convex function from 0 to `end`, by the points where its tangents meet. */
function lowest(at: (weight: number) => Tangent, end: number): Tangent {
  let low = at(0);
  let high = at(end);
  let best = low.bound < high.bound ? low : high;
  for (let round = 0; round < ROUNDS_MAX && low.slope < 0 && high.slope > 0; round++) {
    const met =
      (high.bound - low.bound + low.slope * low.weight - high.slope * high.weight) / (low.slope - high.slope);
    if (!(met > low.weight && met < high.weight)) break;
    const next = at(met);
    if (next.bound < best.bound) best = next;
    if (next.bound - low.bound - low.slope * (met - low.weight) < LOST) break;
    if (next.slope < 0) low = next;
    else high = next;
  }
  return best;
}

/** What the weighted sums gain at most, and what each sum comes to there; as if sets shared no piece. */
function weighed(
  { sets }: Hands,
  { fixed, worth }: Mode,
  weights: readonly number[],
  prices: ArrayLike<number>,
  left: ArrayLike<number>,
): { bound: number; sums: number[] } {
  const sums = [...fixed];
  let cost = 0;
  for (const [set, { wanted, quantity }] of sets.entries()) {
    const ofSet = worth[set]!;
    const top: { value: number; pool: number; count: number }[] = [];
    let held = 0;
    for (const pool of wanted) {
      const count = Math.min(left[pool]!, quantity);
      if (count <= 0) continue;
      const value = worthOf(ofSet, weights, pool) - prices[pool]!;
      if (held >= quantity && value <= top.at(-1)!.value) continue;
      let place = top.length;
      while (place > 0 && top[place - 1]!.value < value) place--;
      top.splice(place, 0, { value, pool, count });
      held += count;
      while (held - top.at(-1)!.count >= quantity) held -= top.pop()!.count;
    }
    if (held < quantity) return { bound: -Infinity, sums };
    for (const [place, { pool, count }] of top.entries()) {
      const taken = place === top.length - 1 ? count - (held - quantity) : count;
      cost += taken * prices[pool]!;
      for (let sum = 0; sum < sums.length; sum++) sums[sum] = sums[sum]! + taken * ofSet[sum]![pool]!;
    }
  }
  return { bound: sums.reduce((total, sum, i) => total + sum * weights[i]!, -cost), sums };
}

/**
 * Goes through the choices whose weighted sums gain no less than `least` says at the moment.
 *
 * @returns whether that was all of them
 */
function goThrough(
  coupon: Hands,
  mode: Mode,
  prices: ArrayLike<number>,
  left: ArrayLike<number>,
  least: () => number,
  keep: (pieces: Pieces, gain: number) => void,
  isOver: () => boolean,
): boolean {
  const { sets, limit, roundings } = coupon;
  const { fixed, worth, weights } = mode;
  const counted = coupon.countOf(mode);
  const ordered = sets.map(({ wanted, quantity }, set) => {
    const slots = wanted.flatMap((pool) => {
      const value = worthOf(worth[set]!, weights, pool) - prices[pool]!;
      return Array.from({ length: Math.min(left[pool]!, quantity) }, () => ({ pool, value }));
    });
    slots.sort((a, b) => b.value - a.value || a.pool - b.pool);
    const upTo = new Float64Array(slots.length + 1);
    slots.forEach(({ value }, at) => (upTo[at + 1] = upTo[at]! + value));
    return { slots, upTo, quantity };
  });
  if (ordered.some(({ slots, quantity }) => slots.length < quantity)) return true;
  const after = new Float64Array(sets.length + 1);
  for (let set = sets.length - 1; set >= 0; set--) {
    after[set] = after[set + 1]! + ordered[set]!.upTo[ordered[set]!.quantity]!;
  }
  const sums = [...fixed];
  const pieces: number[] = [];
  let looks = 0;
  const looking = new Steps(LOOKS_MAX, isOver, LOOKS_PER_ASK);

  function choose(set: number, from: number, missing: number, value: number, cost: number): void {
    if (missing === 0) {
      if (set + 1 < sets.length) return choose(set + 1, 0, ordered[set + 1]!.quantity, value, cost);
      let given = Infinity;
      for (let sum = 0; sum < counted; sum++) given = Math.min(given, sums[sum]!);
      if (given <= limit + roundings) keep(pieces, Math.min(given, limit) - cost);
      return;
    }
    const { slots, upTo } = ordered[set]!;
    const ofSet = worth[set]!;
    let tried = -1;
    for (let at = from; at + missing <= slots.length; at++) {
      const { pool, value: more } = slots[at]!;
      if (value + upTo[at + missing]! - upTo[at]! + after[set + 1]! < least()) return;
      if (++looks > LOOKS_MIN && looking.spend()) return;
      if (pool === tried || (set > 0 && isUsedUp(pool, pieces, left))) continue;
      tried = pool;
      pieces.push(pool);
      for (let sum = 0; sum < sums.length; sum++) sums[sum] = sums[sum]! + ofSet[sum]![pool]!;
      choose(set, at + 1, missing - 1, value + more, cost + prices[pool]!);
      for (let sum = 0; sum < sums.length; sum++) sums[sum] = sums[sum]! - ofSet[sum]![pool]!;
      pieces.pop();
    }
  }
  choose(
    0,
    0,
    ordered[0]!.quantity,
    fixed.reduce((total, sum, i) => total + sum * weights[i]!, 0),
    0,
  );
  return !looking.isEnded;
}

function worthOf(ofSet: readonly Float64Array[], weights: readonly number[], pool: number): number {
  let value = 0;
  for (let sum = 0; sum < weights.length; sum++) value += weights[sum]! * ofSet[sum]![pool]!;
  return value;
}

function isUsedUp(pool: number, pieces: Pieces, left: ArrayLike<number>): boolean {
  return pieces.filter((one) => one === pool).length >= left[pool]!;
}

import type { Dialect } from '../dialect.ts';
import type { PreparedOffer } from '../prepare.ts';
import type { Rules } from '../rules.ts';
import { Steps } from '../steps.ts';
import type { Demand, Pool } from './pools.ts';
import { mostGained, mostPossible } from './most-possible.ts';
import { bestGain } from './piece-prices.ts';
import { priceCoupon } from './price.ts';

/** Steps of the enumeration for one coupon: some 10 ms. Enough for any 3 of 36 pieces of different prices. */
const STEPS_MAX = 10_000;

/** The same for a solver, which nobody waits for: enough for any 4 of 30. */
export const STEPS_FOR_SOLVER = 100_000;

/** Steps to find a way on what other coupons left. */
const STEPS_ON_REST_MAX = 500;

/** Steps that there are in any case, to find some way at all. */
const STEPS_MIN = 100;

/** See `Steps`. */
const STEPS_PER_ASK = 100;

/** So many pieces of a pool, by position. */
interface Use {
  pool: number;
  count: number;
}

/** One choice of pieces that satisfies an offer. */
export interface Way {
  uses: Use[];
  /** Minor units; a basket is at most 2^53 - 1. */
  discount: number;
  /** What the pieces cost together, minor units. */
  amount: number;
}

/** What a choice comes to, of which some coupons may get nothing; minor units. */
export const totalOf = (chosen: readonly (Way | undefined)[]): number =>
  chosen.reduce((sum, way) => sum + (way?.discount ?? 0), 0);

/** What one coupon asks of the pools. */
export interface Request {
  offer: PreparedOffer;
  demand: Demand;
}

/** Ways of one coupon: all there are, or some of them. */
export interface FoundWays {
  ways: Way[];
  complete: boolean;
  /** No way gives more, found or not. */
  discountMax: number;
  /** No way gains more than this after paying for its pieces, found or not. */
  gainMax: (prices: readonly number[]) => number;
}

/**
 * Per request the ways to satisfy it: the greatest discount first, of equal ones the cheapest pieces first.
 *
 * All of them, unless one request has so many that `stepsMax` ends the enumeration. Then its ways are
 * those on the dearest pieces, and for every request a way on pieces that more valuable ones leave is added
 * in front of its equals, so that they do not all compete for the same few pieces.
 */
export function waysOfAll(
  requests: readonly Request[],
  pools: readonly Pool[],
  rules: Pick<Rules, 'dialect' | 'isOver'>,
  stepsMax = STEPS_MAX,
): FoundWays[] {
  const counts = pools.map(({ count }) => count);
  const byOffer = new Map<PreparedOffer, Enumeration>(); // Coupons of one offer have the same ways.
  const found = requests.map(({ offer, demand }) => {
    const known = byOffer.get(offer) ?? enumerate({ offer, demand }, pools, counts, rules, stepsMax);
    byOffer.set(offer, known);
    return known;
  });
  const ways = found.map((ofRequest) => ofRequest.ways);
  const complete = found.every((ofRequest) => ofRequest.complete);
  const all = complete ? ways : withWaysOnRest(ways, requests, pools, counts, rules);
  return all.map((ofRequest, at) => {
    const { offer, demand } = requests[at]!;
    if (found[at]!.complete) {
      const gainMax = (prices: readonly number[]) => bestGain(ofRequest, prices).gain;
      return { ways: ofRequest, complete: true, discountMax: ofRequest[0]?.discount ?? 0, gainMax };
    }
    return {
      ways: ofRequest,
      complete: false,
      discountMax: mostPossible(offer, demand, pools),
      gainMax: (prices) => mostGained(offer, demand, pools, prices),
    };
  });
}

/** Whether the pieces of a way are among those left, per pool. */
export function fits({ uses }: Way, left: readonly number[]): boolean {
  return uses.every(({ pool, count }) => left[pool]! >= count);
}

/** Takes the pieces of a way from those left; -1 puts them back. */
export function take({ uses }: Way, left: number[], direction: 1 | -1 = 1): void {
  for (const { pool, count } of uses) left[pool] = left[pool]! - direction * count;
}

function withWaysOnRest(
  ways: Way[][],
  requests: readonly Request[],
  pools: readonly Pool[],
  counts: number[],
  rules: Pick<Rules, 'dialect' | 'isOver'>,
): Way[][] {
  const left = [...counts];
  const extended = [...ways];
  const valueOf = (request: number) => ways[request]![0]?.discount ?? 0;
  for (const request of [...ways.keys()].sort((a, b) => valueOf(b) - valueOf(a))) {
    const [onRest] = enumerate(requests[request]!, pools, left, rules, STEPS_ON_REST_MAX).ways;
    if (!onRest) continue;
    extended[request] = [onRest, ...ways[request]!].sort((a, b) => b.discount - a.discount);
    take(onRest, left);
  }
  return extended;
}

interface Enumeration {
  ways: Way[];
  complete: boolean;
}

/** What a required set still asks for. */
interface Missing {
  pieces: number;
  /** Pieces that may be taken beyond what is asked. */
  more: number;
  amount: number;
  measure: number;
}

/** @param counts pieces per pool that may be used */
function enumerate(
  { offer, demand }: Request,
  pools: readonly Pool[],
  counts: readonly number[],
  { dialect, isOver }: Pick<Rules, 'dialect' | 'isOver'>,
  stepsMax: number,
): Enumeration {
  const ways: Way[] = [];
  const seen = new Set<string>();
  const used = new Map<number, number>();
  let stepsMade = 0;
  const steps = new Steps(stepsMax - STEPS_MIN, isOver, STEPS_PER_ASK);

  function begin(set: number): void {
    if (set === demand.length) return keep();
    const { quantity, quantityMax, spendMin, measure } = demand[set]!.set;
    choose(set, 0, { pieces: quantity, more: quantityMax, amount: spendMin, measure: measure?.atLeast ?? 0 });
  }

  /** Takes pieces for a set from its pools, those from position `from` on, dearest first. */
  function choose(set: number, from: number, missing: Missing): void {
    if (++stepsMade > STEPS_MIN && steps.spend()) return;
    const enough = missing.pieces <= 0 && missing.amount <= 0 && missing.measure <= EPSILON;
    const { set: wanted, pools: positions } = demand[set]!;
    const pool = positions[from];
    if (enough && (missing.more <= 0 || pool === undefined)) return begin(set + 1);
    if (pool === undefined) return;

    const { price, measure, unit } = pools[pool]!;
    const worth = Number(price);
    const before = used.get(pool) ?? 0;
    const useful = !wanted.measure || wanted.measure.unit === unit;
    const most = useful ? Math.min(counts[pool]! - before, countFor(missing, worth, measure)) : 0;
    for (let count = most; count >= 0 && !steps.isEnded; count--) {
      used.set(pool, before + count);
      choose(set, from + 1, {
        pieces: missing.pieces - count,
        more: missing.more - count,
        amount: missing.amount - count * worth,
        measure: missing.measure - count * measure,
      });
    }
    used.set(pool, before);
  }

  function keep(): void {
    const uses: Use[] = [];
    for (const [pool, count] of used) if (count > 0) uses.push({ pool, count });
    if (demand.length === 1 || isNew(uses)) ways.push(wayOf(offer, uses, pools, dialect));
  }

  /** Sets that share products reach the same pieces several times. */
  function isNew(uses: readonly Use[]): boolean {
    const key = uses
      .map(({ pool, count }) => `${pool}x${count}`)
      .sort()
      .join();
    const known = seen.has(key);
    seen.add(key);
    return !known;
  }

  begin(0);
  return { ways: ways.sort(byDiscountFalling), complete: !steps.isEnded };
}

/** A billionth of a unit: what adding up decimals may lose. */
const EPSILON = 1e-9;

/** Pieces of one pool that a set can make use of. */
function countFor({ pieces, more, amount, measure }: Missing, price: number, pieceMeasure: number): number {
  const forAmount = amount > 0 ? (price > 0 ? Math.ceil(amount / price) : Infinity) : 0;
  const forMeasure =
    measure > EPSILON ? (pieceMeasure > 0 ? Math.ceil(measure / pieceMeasure) : Infinity) : 0;
  return Math.max(pieces, more, forAmount, forMeasure, 0);
}

/** What an offer gives on these pieces. */
export function wayOf(offer: PreparedOffer, uses: Use[], pools: readonly Pool[], dialect: Dialect): Way {
  const taken = uses.map(({ pool, count }) => ({ ...pools[pool]!.groups[0]!, count }));
  let discount = 0n;
  for (const { face, match } of priceCoupon(offer, taken, dialect)) discount += face + match;
  const amount = taken.reduce((total, { price, count }) => total + Number(price) * count, 0);
  return { uses, discount: Number(discount), amount };
}

function byDiscountFalling(a: Way, b: Way): number {
  return b.discount - a.discount || a.amount - b.amount;
}

import type { Demand, Pool } from './pools.ts';
import { priceCoupon } from './price.ts';
import type { OfferTerms } from './types.ts';

/** Steps of the enumeration for one coupon: some 10 ms. Enough for any 3 of 36 pieces of different prices. */
const STEPS_MAX = 10_000;

/** Steps to find a way on what other coupons left. */
const STEPS_ON_REST_MAX = 500;

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

/** What one coupon asks of the pools. */
export interface Request {
  terms: OfferTerms;
  demand: Demand;
}

/**
 * Per request the ways to satisfy it: the greatest discount first, of equal ones the cheapest pieces first.
 *
 * All of them, unless one request has so many that `STEPS_MAX` ends the enumeration. Then its ways are
 * those on the dearest pieces, and for every request a way on pieces that more valuable ones leave is added
 * in front of its equals, so that they do not all compete for the same few pieces.
 */
export function waysOfAll(requests: readonly Request[], pools: readonly Pool[]): Way[][] {
  const counts = pools.map(({ count }) => count);
  const byTerms = new Map<OfferTerms, ReturnType<typeof enumerate>>(); // Coupons of one offer have the same ways.
  const found = requests.map(({ terms, demand }) => {
    const known = byTerms.get(terms) ?? enumerate(terms, demand, pools, counts, STEPS_MAX);
    byTerms.set(terms, known);
    return known;
  });
  const ways = found.map((ofRequest) => ofRequest.ways);
  return found.every(({ complete }) => complete) ? ways : withWaysOnRest(ways, requests, pools, counts);
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
): Way[][] {
  const left = [...counts];
  const extended = [...ways];
  const valueOf = (request: number) => ways[request]![0]?.discount ?? 0;
  for (const request of [...ways.keys()].sort((a, b) => valueOf(b) - valueOf(a))) {
    const { terms, demand } = requests[request]!;
    const [onRest] = enumerate(terms, demand, pools, left, STEPS_ON_REST_MAX).ways;
    if (!onRest) continue;
    extended[request] = [onRest, ...ways[request]!].sort((a, b) => b.discount - a.discount);
    take(onRest, left);
  }
  return extended;
}

/** @param counts pieces per pool that may be used */
function enumerate(
  terms: OfferTerms,
  demand: Demand,
  pools: readonly Pool[],
  counts: readonly number[],
  stepsMax: number,
) {
  const ways: Way[] = [];
  const seen = new Set<string>();
  const used = new Map<number, number>();
  let steps = 0;

  /** Takes `quantity` pieces for a set from its pools, those from position `from` on, dearest first. */
  function choose(set: number, from: number, quantity: number): void {
    if (++steps > stepsMax) return;
    if (quantity === 0)
      return set === demand.length - 1 ? keep() : choose(set + 1, 0, demand[set + 1]!.quantity);

    const pool = demand[set]!.pools[from];
    if (pool === undefined) return;
    const before = used.get(pool) ?? 0;
    for (let count = Math.min(quantity, counts[pool]! - before); count >= 0 && steps <= stepsMax; count--) {
      used.set(pool, before + count);
      choose(set, from + 1, quantity - count);
    }
    used.set(pool, before);
  }

  function keep(): void {
    const uses: Use[] = [];
    for (const [pool, count] of used) if (count > 0) uses.push({ pool, count });
    if (demand.length === 1 || isNew(uses)) ways.push(wayOf(terms, uses, pools));
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

  choose(0, 0, demand[0]!.quantity);
  return { ways: ways.sort(byDiscountFalling), complete: steps <= stepsMax };
}

function wayOf(terms: OfferTerms, uses: Use[], pools: readonly Pool[]): Way {
  const taken = uses.map(({ pool, count }) => ({
    line: pools[pool]!.groups[0]!.line,
    price: pools[pool]!.price,
    count,
  }));
  const { face, match } = priceCoupon(terms, taken);
  const amount = taken.reduce((total, { price, count }) => total + Number(price) * count, 0);
  return { uses, discount: Number(face + match), amount };
}

function byDiscountFalling(a: Way, b: Way): number {
  return b.discount - a.discount || a.amount - b.amount;
}

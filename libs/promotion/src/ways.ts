import type { Demand, Pool } from './pools.ts';
import { priceCoupon } from './price.ts';
import type { OfferTerms } from './types.ts';

/** Steps of the enumeration for one coupon: a few milliseconds. */
const STEPS_MAX = 20_000;

/** So many pieces of a pool, by position. */
export interface Use {
  pool: number;
  count: number;
}

/** One choice of pieces that satisfies an offer. */
export interface Way {
  uses: Use[];
  /** Minor units; a basket is at most 2^53 - 1. */
  discount: number;
}

/**
 * The ways to satisfy an offer from the pools: the greatest discount first, of equal ones the cheapest
 * pieces first. Dearer pieces are tried first, so that what is lost beyond `STEPS_MAX` is the cheap end.
 */
export function waysToSatisfy(terms: OfferTerms, demand: Demand, pools: readonly Pool[]): Way[] {
  const ways = new Map<string, Way & { cost: bigint }>();
  const used = new Map<number, number>();
  let steps = 0;

  function choose(set: number, from: number, quantity: number): void {
    if (++steps > STEPS_MAX) return;
    if (quantity === 0) {
      if (set === demand.length - 1) return keep();
      return choose(set + 1, 0, demand[set + 1]!.quantity);
    }
    const pool = demand[set]!.pools[from];
    if (pool === undefined) return;
    const before = used.get(pool) ?? 0;
    for (let count = Math.min(quantity, pools[pool]!.count - before); count >= 0; count--) {
      used.set(pool, before + count);
      choose(set, from + 1, quantity - count);
      if (steps > STEPS_MAX) break;
    }
    used.set(pool, before);
  }

  function keep(): void {
    const uses = [...used].map(([pool, count]) => ({ pool, count })).filter(({ count }) => count > 0);
    uses.sort((a, b) => a.pool - b.pool);
    const key = uses.map(({ pool, count }) => `${pool}x${count}`).join();
    if (ways.has(key)) return; // Sets that share products reach the same pieces several times.
    const taken = uses.map(({ pool, count }) => ({ ...pools[pool]!.groups[0]!, count }));
    const { face, match } = priceCoupon(terms, taken);
    const cost = taken.reduce((total, { price, count }) => total + price * BigInt(count), 0n);
    ways.set(key, { uses, discount: Number(face + match), cost });
  }

  choose(0, 0, demand[0]!.quantity);
  return [...ways.values()].sort((a, b) => b.discount - a.discount || Number(a.cost - b.cost));
}

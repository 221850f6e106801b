import type { Effort } from '../rules.ts';
import type { Dealt, Hand } from './assign-group.ts';
import type { Ladder } from './ladder.ts';
import type { Pool } from './pools.ts';
import type { Rung } from './ladder-prices.ts';
import { LadderSearch } from './ladder-search.ts';
import { scaleOf, wholeUnits } from './preference.ts';

/** Beyond these the search by ways is faster, or numbers are no longer exact. */
const PIECES_MAX = 400;
const COUPONS_MAX = 20;

/**
 * The best combination of a group of coupons that climb ladders, whose discounts are sums over pieces once these are put in
 * order of price.
 *
 * @param capacity pieces per pool
 * @param effort its steps are entries looked at
 */
export function ladderGroup(
  ladders: readonly Ladder[],
  capacity: readonly number[],
  pools: readonly Pool[],
  effort: Effort,
): Dealt | undefined {
  const scale = scaleOf(ladders.length);
  const rungs = rungsOf(ladders, capacity, pools);
  const amountMax = rungs.reduce((sum, { pool }) => sum + 2 * Number(pools[pool]!.price), 0);
  const radices = ladders.map(({ held }) => held.length);
  const keys = radices.reduce((states, radix) => states * radix, 1);
  const isExact = Math.max(keys, amountMax * scale * 4) < Number.MAX_SAFE_INTEGER;
  if (!isExact || ladders.length > COUPONS_MAX || rungs.length > PIECES_MAX) return undefined;

  const { total, totalMax, takers } = new LadderSearch(rungs, ladders, effort).run();
  const hands = ladders.map((): Hand | undefined => undefined);
  for (const [rung, coupon] of takers) {
    const { pool } = rungs[rung]!;
    const hand = (hands[coupon] ??= new Map());
    hand.set(pool, (hand.get(pool) ?? 0) + 1);
  }
  return { hands, total: wholeUnits(total, scale), totalMax: wholeUnits(totalMax, scale) };
}

/** The pieces that are wanted one by one, dearest first. */
export function rungsOf(
  ladders: readonly Ladder[],
  capacity: readonly number[],
  pools: readonly Pool[],
): Rung[] {
  const most = ladders.reduce((sum, { held }) => sum + held.at(-1)!, 0);
  const wantedPools = [...capacity.keys()].filter((pool) => capacity[pool]! > 0);
  wantedPools.sort((a, b) => Number(pools[b]!.price - pools[a]!.price));
  return wantedPools.flatMap((pool) => {
    const wanted = ladders.flatMap(({ steps }, coupon) =>
      (steps.get(pool) ?? []).map((step) => ({ coupon, step })),
    );
    return Array<Rung>(Math.min(capacity[pool]!, most)).fill({ pool, wanted });
  });
}

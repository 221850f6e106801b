import type { Contender } from '../contender.ts';
import type { Rules } from '../rules.ts';
import { HandSearch } from './hand-search.ts';
import type { Pieces } from './hands.ts';
import { Hands } from './hands.ts';
import { leastSumsOf } from './least-sums.ts';
import type { Pool } from './pools.ts';
import type { Request, Way } from './ways.ts';
import { wayOf } from './ways.ts';

/** Beyond these the search by ways is faster. */
const PIECES_MAX = 400;
const COUPONS_MAX = 40;

/**
 * Deals the pieces out to a group of uses whose discounts are the least of sums over their pieces. Undefined where one is not.
 *
 * @returns what no combination exceeds too, minor units
 */
export function handUses(
  uses: readonly Contender[],
  requests: readonly Request[],
  pools: readonly Pool[],
  rules: Rules,
): { chosen: (Way | undefined)[]; total: number; totalMax: number } | undefined {
  const { dialect } = rules;
  const coupons: Hands[] = [];
  for (const [at, use] of uses.entries()) {
    const { demand } = requests[at]!;
    const sums = leastSumsOf(use, demand, pools, dialect);
    if (!sums) return undefined;
    coupons.push(new Hands(sums, demand, pools));
  }
  const wanted = new Set(requests.flatMap(({ demand }) => demand.flatMap((set) => set.pools)));
  const required = coupons.reduce((sum, { setAt }) => sum + setAt.length, 0);
  const capacity = pools.map(({ count }, pool) => (wanted.has(pool) ? Math.min(count, required) : 0));
  const pieces = capacity.reduce((sum, count) => sum + count, 0);
  if (coupons.length > COUPONS_MAX || pieces > PIECES_MAX) return undefined;

  const toWay = (at: number, taken: Pieces): Way => {
    const counts = new Map<number, number>();
    for (const pool of taken) counts.set(pool, (counts.get(pool) ?? 0) + 1);
    return wayOf(
      requests[at]!.offer,
      [...counts].map(([pool, count]) => ({ pool, count })),
      pools,
      dialect,
    );
  };
  const worthOf = (at: number, taken: Pieces) => {
    const { discount } = toWay(at, taken);
    return discount <= coupons[at]!.limit ? discount : 0;
  };
  const { chosen, ...totals } = new HandSearch(coupons, capacity, worthOf, rules).run();
  return { chosen: chosen.map((taken, at) => taken && toWay(at, taken)), ...totals };
}

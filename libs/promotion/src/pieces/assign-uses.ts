import type { Contender } from '../contender.ts';
import type { Rules } from '../rules.ts';
import { assignGroup } from './assign-group.ts';
import type { Combination } from './best-combination.ts';
import type { PieceValues } from './piece-values.ts';
import { pieceValuesOf } from './piece-values.ts';
import type { Pool } from './pools.ts';
import type { FoundWays, Request, Way } from './ways.ts';
import { wayOf } from './ways.ts';

/** The proven best of a group, and per use the best that it had alone. */
export interface AssignedUses extends Combination {
  alone: FoundWays[];
}

/** Deals the pieces out to a group of uses by their values; undefined where that does not prove the best. */
export function assignUses(
  uses: readonly Contender[],
  requests: readonly Request[],
  pools: readonly Pool[],
  { dialect, stepsMax }: Rules,
): AssignedUses | undefined {
  const values: PieceValues[] = [];
  for (const [at, use] of uses.entries()) {
    const ofUse = pieceValuesOf(use, requests[at]!.demand, pools, dialect);
    if (!ofUse) return undefined;
    values.push(ofUse);
  }
  const wanted = new Set(requests.flatMap(({ demand }) => demand.flatMap((set) => set.pools)));
  const capacity = pools.map(({ count }, pool) => (wanted.has(pool) ? count : 0));
  const dealt = assignGroup(values, capacity, stepsMax);
  if (!dealt || dealt.totalMax > dealt.total) return undefined;

  const toWay = (hand: Map<number, number>, at: number): Way => {
    const pieces = [...hand].map(([pool, count]) => ({ pool, count }));
    return wayOf(requests[at]!.offer, pieces, pools, dialect);
  };
  const chosen = dealt.hands.map((hand, at) => hand && toWay(hand, at));
  const total = chosen.reduce((sum, way) => sum + (way?.discount ?? 0), 0);
  if (total < dealt.total) return undefined; // Values were upper bounds, and roundings did not add up to them.
  const alone = values.map((ofUse, at) => {
    const way = chosen[at] ?? wayAlone(ofUse, capacity, (hand) => toWay(hand, at));
    return { ways: way ? [way] : [], complete: true, discountMax: way?.discount ?? 0, gainMax: () => 0 };
  });
  return { chosen, missedAtMost: 0, alone };
}

/** Worth whatever it is: whether the pieces are there decides, and why it gives nothing. */
function wayAlone(
  { fixed, sets }: PieceValues,
  capacity: readonly number[],
  toWay: (hand: Map<number, number>) => Way,
): Way | undefined {
  const lifted = { fixed: Math.max(0, fixed) + 1e9, sets };
  const hand = assignGroup([lifted], capacity, Infinity)?.hands[0];
  return hand && toWay(hand);
}

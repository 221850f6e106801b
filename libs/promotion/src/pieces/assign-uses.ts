import type { Contender } from '../contender.ts';
import type { Rules } from '../rules.ts';
import type { Hand } from './assign-group.ts';
import { assignGroup } from './assign-group.ts';
import type { PieceValues } from './piece-values.ts';
import { pieceValuesOf } from './piece-values.ts';
import type { Pool } from './pools.ts';
import type { FoundWays, Request, Way } from './ways.ts';
import { wayOf } from './ways.ts';

/** Steps of the search that a row of an assignment counts as. */
const ROW_STEPS = 30;

/** The same where values are bounds: a better bound is worth less than the search by ways. */
const ROW_STEPS_OF_BOUND = 300;

/** A combination by values of pieces, and what no other exceeds; per use the best that it had alone. */
export interface AssignedUses {
  chosen: (Way | undefined)[];
  total: number;
  totalMax: number;
  alone: () => FoundWays[];
}

/** Deals the pieces out to a group of uses by their values, which are exact for most offers, and bounds for others. */
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
  const isExact = values.every((ofUse) => ofUse.isExact);
  const dealt = assignGroup(values, capacity, stepsMax / (isExact ? ROW_STEPS : ROW_STEPS_OF_BOUND));
  if (!dealt) return undefined;

  const toWay = (hand: Hand, at: number): Way => {
    const pieces = [...hand].map(([pool, count]) => ({ pool, count }));
    return wayOf(requests[at]!.offer, pieces, pools, dialect);
  };
  const chosen = dealt.hands.map((hand, at) => hand && toWay(hand, at));
  const total = chosen.reduce((sum, way) => sum + (way?.discount ?? 0), 0);
  const alone = () =>
    values.map((ofUse, at) => {
      const way = chosen[at] ?? wayAlone(ofUse, capacity, (hand) => toWay(hand, at));
      return { ways: way ? [way] : [], complete: true, discountMax: way?.discount ?? 0, gainMax: () => 0 };
    });
  return { chosen, total, totalMax: dealt.totalMax, alone };
}

/** Worth whatever it is: whether the pieces are there decides, and why it gives nothing. */
function wayAlone(
  { fixed, sets }: PieceValues,
  capacity: readonly number[],
  toWay: (hand: Hand) => Way,
): Way | undefined {
  const lifted = { isExact: true, fixed: Math.max(0, fixed) + 1e9, sets };
  const hand = assignGroup([lifted], capacity, Infinity)?.hands[0];
  return hand && toWay(hand);
}

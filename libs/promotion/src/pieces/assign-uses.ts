import type { Dialect } from '../dialect.ts';
import type { Contender } from '../contender.ts';
import type { Rules } from '../rules.ts';
import { assignAlone } from './assign-alone.ts';
import type { Dealt, Hand } from './assign-group.ts';
import { assignGroup } from './assign-group.ts';
import type { Ladder } from './ladder.ts';
import { ladderOf } from './ladder.ts';
import { ladderGroup } from './ladder-group.ts';
import type { PieceValues } from './piece-values.ts';
import { pieceValuesOf } from './piece-values.ts';
import type { Pool } from './pools.ts';
import type { FoundWays, Request, Way } from './ways.ts';
import { wayOf } from './ways.ts';

/** Steps of the search that a row of an assignment counts as; and where it gives no more than a bound. */
const ROW_STEPS = 30;
const ROW_STEPS_OF_BOUND = 300;

/** Entries that a search by ladders may look at per step: what it does not prove, no other does. */
const ENTRIES_PER_STEP = 12;

/** A combination by values of pieces, and what no other exceeds; per use the best that it had alone. */
export interface AssignedUses {
  chosen: (Way | undefined)[];
  total: number;
  totalMax: number;
  /** It ended at its budget, but what it gives is what its values say: the search by ways would not come further. */
  endedEarly: boolean;
  alone: () => FoundWays[];
}

/**
 * Deals the pieces out to a group of uses by what each piece is worth to them: in any order, or the dearest first. Exact
 * for most offers, a bound for others.
 */
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
  const isInAnyOrder = values.every((ofUse) => ofUse.isExact);
  const climbed = isInAnyOrder
    ? undefined
    : ladderGroup(laddersOf(requests, pools, dialect), capacity, pools, stepsMax * ENTRIES_PER_STEP);
  const rows = stepsMax / (isInAnyOrder ? ROW_STEPS : ROW_STEPS_OF_BOUND);
  const dealt = climbed ?? assign(values, capacity, rows);
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
  const { totalMax } = dealt;
  const endedEarly = dealt === climbed && total === dealt.total && total < totalMax;
  return { chosen, total, totalMax, endedEarly, alone };
}

function laddersOf(requests: readonly Request[], pools: readonly Pool[], dialect: Dialect): Ladder[] {
  return requests.map(({ offer, demand }, position) =>
    ladderOf(offer, demand, pools, dialect, position, requests.length),
  );
}

function assign(
  values: readonly PieceValues[],
  capacity: readonly number[],
  stepsMax: number,
): Dealt | undefined {
  const alone = values.length === 1 ? assignAlone(values[0]!, capacity) : undefined;
  return alone ?? assignGroup(values, capacity, stepsMax);
}

/** Worth whatever it is: whether the pieces are there decides, and why it gives nothing. */
function wayAlone(
  { fixed, sets }: PieceValues,
  capacity: readonly number[],
  toWay: (hand: Hand) => Way,
): Way | undefined {
  const lifted = { isExact: true, fixed: Math.max(0, fixed) + 1e9, sets };
  const hand = assign([lifted], capacity, Infinity)?.hands[0];
  return hand && toWay(hand);
}

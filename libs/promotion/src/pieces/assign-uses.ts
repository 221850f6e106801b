import type { Contender } from '../contender.ts';
import type { Effort, Rules } from '../rules.ts';
import { assignAlone } from './assign-alone.ts';
import type { Dealt, Hand } from './assign-group.ts';
import { assignGroup } from './assign-group.ts';
import { ladderOf } from './ladder.ts';
import { ladderGroup } from './ladder-group.ts';
import type { PieceValues } from './piece-values.ts';
import { pieceValuesOf } from './piece-values.ts';
import type { Pool } from './pools.ts';
import type { FoundWays, Request, Way } from './ways.ts';
import { totalOf, wayOf } from './ways.ts';

/** Steps of the search that a row of an assignment counts as; and where it gives no more than a bound. */
const ROW_STEPS = 30;
const ROW_STEPS_OF_BOUND = 300;

/** Entries that a search by ladders may look at per step: what it does not prove, no other does. */
const ENTRIES_PER_STEP = 40;

/** What makes any coupon worth it, minor units. */
const BONUS = 1e9;

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
  { dialect, stepsMax, isOver }: Rules,
): AssignedUses | undefined {
  const values = uses.map((use, at) => pieceValuesOf(use, requests[at]!.demand, pools, dialect));
  const wanted = new Set(requests.flatMap(({ demand }) => demand.flatMap((set) => set.pools)));
  const capacity = pools.map(({ count }, pool) => (wanted.has(pool) ? count : 0));
  const laddersOf = (some: readonly number[], bonus?: number) => {
    const coupons = some.length;
    return some.map((use, position) =>
      ladderOf(uses[use]!, requests[use]!.demand, pools, dialect, { position, coupons, bonus }),
    );
  };
  const climb = (some: readonly number[], bonus?: number) => {
    const ladders = laddersOf(some, bonus);
    return areAllThere(ladders)
      ? ladderGroup(ladders, capacity, pools, { stepsMax: stepsMax * ENTRIES_PER_STEP, isOver })
      : undefined;
  };
  const valued: readonly PieceValues[] | undefined = areAllThere(values) ? values : undefined;
  const isInAnyOrder = valued?.every((ofUse) => ofUse.isExact);
  const climbed = isInAnyOrder ? undefined : climb([...uses.keys()]);
  const effort = { stepsMax: stepsMax / (isInAnyOrder ? ROW_STEPS : ROW_STEPS_OF_BOUND), isOver };
  const dealt = climbed ?? (valued && assign(valued, capacity, effort));
  if (!dealt) return undefined;

  const toWay = (hand: Hand, at: number): Way => {
    const pieces = [...hand].map(([pool, count]) => ({ pool, count }));
    return wayOf(requests[at]!.offer, pieces, pools, dialect);
  };
  const chosen = dealt.hands.map((hand, at) => hand && toWay(hand, at));
  const total = totalOf(chosen);
  const handAlone = (at: number) => {
    const ofUse = values[at];
    return ofUse
      ? assign([lifted(ofUse)], capacity, { stepsMax: Infinity, isOver })?.hands[0]
      : climb([at], BONUS)?.hands[0];
  };
  const alone = () =>
    uses.map((_, at) => {
      const hand = dealt.hands[at] ?? handAlone(at);
      const way = hand && toWay(hand, at);
      return { ways: way ? [way] : [], complete: true, discountMax: way?.discount ?? 0, gainMax: () => 0 };
    });
  const { totalMax } = dealt;
  const endedEarly = dealt === climbed && total > 0 && total === dealt.total && total < totalMax;
  return { chosen, total, totalMax, endedEarly, alone };
}

function assign(
  values: readonly PieceValues[],
  capacity: readonly number[],
  effort: Effort,
): Dealt | undefined {
  const alone = values.length === 1 ? assignAlone(values[0]!, capacity) : undefined;
  return alone ?? assignGroup(values, capacity, effort);
}

/** As if it were worth it in any case: whether the pieces are there decides, and why it gives nothing. */
function lifted({ fixed, sets }: PieceValues): PieceValues {
  return { isExact: true, fixed: Math.max(0, fixed) + BONUS, sets };
}

function areAllThere<T>(some: readonly (T | undefined)[]): some is readonly T[] {
  return some.every((one) => one !== undefined);
}

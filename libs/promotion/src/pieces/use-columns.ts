import type { Contender } from '../contender.ts';
import type { Dialect } from '../dialect.ts';
import type { ProgramDraft } from '../integer-program.ts';
import type { LeastSums, Sum } from './least-sums.ts';
import { leastSumsOf, limitOf } from './least-sums.ts';
import { mostPossible } from './most-possible.ts';
import { portionOfPiece } from './piece-values.ts';
import { type Demand, isCounted, type Pool } from './pools.ts';

/** A column that counts pieces of a pool that a use takes. */
export interface PieceColumn {
  column: number;
  pool: number;
}

/** Pieces of a use that gives the cheapest of them: how many, and per price level a column: whether all are that dear. */
export interface DearColumns {
  pieces: number;
  levels: { price: number; column: number }[];
}

/** Where a use stands in a program. */
export interface UseColumns {
  pieces: PieceColumn[];
  dear?: DearColumns;
}

/** Writes what a use may take, and what it then gives; undefined for offers that are no such sum, of which nothing is written. */
export function writeUse(
  draft: ProgramDraft,
  use: Contender,
  demand: Demand,
  pools: readonly Pool[],
  dialect: Dialect,
): UseColumns | undefined {
  const sums = leastSumsOf(use, demand, pools, dialect);
  if (sums?.matched && sums.limit === Infinity)
    return { pieces: writeMatch(draft, use, demand, pools, sums.matched) };
  if (sums) return { pieces: writeSums(draft, use, demand, pools, sums) };
  const rateBps = rateOfCheapest(use, demand, pools);
  return rateBps === undefined ? undefined : writeCheapest(draft, demand, pools, rateBps, dialect);
}

/**
 * At most one of the modes, and of a budget that the greatest of several sums may exceed, one for each sum that does not. In
 * a mode: all pieces of a set or none, and no more than each of its sums.
 */
function writeSums(
  draft: ProgramDraft,
  { offer }: Contender,
  demand: Demand,
  pools: readonly Pool[],
  { modes, limit, roundings }: LeastSums,
): PieceColumn[] {
  const given = Math.min(limit, mostPossible(offer, demand, pools));
  const taken: PieceColumn[] = [];
  const inModes: number[] = [];
  for (const sums of modes) {
    for (const within of limit < Infinity ? sums : [undefined]) {
      const isUsed = draft.column(0, 1);
      inModes.push(isUsed);
      const bySet = writeSets(draft, demand, pools, isUsed);
      taken.push(...bySet.flat());
      const gives = draft.column(1, given);
      draft.atMost(
        [
          [gives, 1],
          [isUsed, -given],
        ],
        0,
      );
      for (const { fixed, each } of sums) {
        const worth = bySet.flatMap((ofSet, set) =>
          ofSet.map(({ column, pool }): [number, number] => [column, -each(pools[pool]!, set)]),
        );
        draft.atMost([[gives, 1], [isUsed, -fixed], ...worth], 0);
      }
      if (!within) continue;
      const spent = bySet.flatMap((ofSet, set) =>
        ofSet.map(({ column, pool }): [number, number] => [column, within.each(pools[pool]!, set)]),
      );
      draft.atMost([[isUsed, within.fixed - limit - roundings], ...spent], 0);
    }
  }
  draft.atMost(
    inModes.map((column) => [column, 1]),
    1,
  );
  return taken;
}

/**
 * A match up to U makes of F the greater of F and min(2 F, U). One column says whether F is beyond U; where that is a fraction the
 * rows allow what lies between the two, and no more: the least concave function of F above both.
 */
function writeMatch(
  draft: ProgramDraft,
  { offer }: Contender,
  demand: Demand,
  pools: readonly Pool[],
  { face, upTo }: { face: readonly Sum[]; upTo: number },
): PieceColumn[] {
  const unmatched = { ...offer, terms: { ...offer.terms, storeMatch: undefined } };
  const beyondMax = Math.max(0, mostPossible(unmatched, demand, pools) - upTo);
  const isUsed = draft.column(0, 1);
  const isBeyond = draft.column(0, beyondMax > 0 ? 1 : 0);
  const gives = draft.column(1, upTo + beyondMax);
  const bySet = writeSets(draft, demand, pools, isUsed);
  draft.atMost(
    [
      [gives, 1],
      [isUsed, -upTo],
      [isBeyond, -beyondMax],
    ],
    0,
  );
  for (const { fixed, each } of face) {
    const worth = (times: number) =>
      bySet.flatMap((ofSet, set) =>
        ofSet.map(({ column, pool }): [number, number] => [column, -times * each(pools[pool]!, set)]),
      );
    draft.atMost([[gives, 1], [isUsed, -2 * fixed], ...worth(2)], 0);
    draft.atMost([[gives, 1], [isUsed, -fixed - upTo / 2], [isBeyond, upTo / 2], ...worth(1)], 0);
  }
  return bySet.flat();
}

function writeSets(
  draft: ProgramDraft,
  demand: Demand,
  pools: readonly Pool[],
  isUsed: number,
): PieceColumn[][] {
  return demand.map(({ set: { quantity }, pools: wanted }) => {
    const ofSet = wanted.map((pool) => ({
      pool,
      column: draft.column(0, Math.min(pools[pool]!.count, quantity)),
    }));
    draft.equal([...ofSet.map(({ column }): [number, number] => [column, 1]), [isUsed, -quantity]], 0);
    return ofSet;
  });
}

/** The percentage that an offer takes off the cheapest of its pieces, where that is all. */
function rateOfCheapest(use: Contender, demand: Demand, pools: readonly Pool[]): number | undefined {
  const [reward, ...others] = use.offer.onPieces;
  const isAll =
    reward?.kind === 'percent-off' &&
    reward.on?.kind === 'cheapest' &&
    reward.on.quantity === 1 &&
    reward.amountMax === undefined &&
    others.length === 0;
  const isPlain = !use.offer.terms.storeMatch && limitOf(use, demand, pools) === Infinity;
  return isAll && isPlain && isCounted(demand) ? reward.rateBps : undefined;
}

/**
 * The cheapest piece is worth what the lowest level is worth, and what each level more is worth if all pieces are that dear.
 * They are only if each set has all its pieces from there on, and no piece below it.
 */
function writeCheapest(
  draft: ProgramDraft,
  demand: Demand,
  pools: readonly Pool[],
  rateBps: number,
  dialect: Dialect,
): UseColumns {
  const wanted = [...new Set(demand.flatMap((set) => set.pools))];
  wanted.sort((a, b) => Number(pools[a]!.price - pools[b]!.price));
  const worthAt = new Map(
    wanted.map((pool) => [
      Number(pools[pool]!.price),
      portionOfPiece(pools[pool]!, rateBps, 1, pools, dialect),
    ]),
  );
  const pieces = demand.reduce((sum, { set }) => sum + set.quantity, 0);
  // One of two pieces of a pool allows half of the levels above it; where pools are single pieces levels are whole by themselves.
  const canBeHalf = wanted.some((pool) => Math.min(pools[pool]!.count, pieces) > 1);
  const prices = [...worthAt.keys()];
  const levels = prices.map((price, at) => ({
    price,
    // The first says whether the use gets anything.
    column: draft.column(
      worthAt.get(price)! - (worthAt.get(prices[at - 1] ?? -1) ?? 0),
      1,
      at === 0 || canBeHalf,
    ),
  }));
  const isUsed = levels[0]!.column;
  const bySet = writeSets(draft, demand, pools, isUsed);
  const taken = bySet.flat();
  for (const [at, { price, column }] of levels.entries()) {
    if (at === 0) continue;
    draft.atMost(
      [
        [column, 1],
        [levels[at - 1]!.column, -1],
      ],
      0,
    );
    for (const [
      set,
      {
        set: { quantity },
      },
    ] of demand.entries()) {
      const below = bySet[set]!.filter(({ pool }) => pools[pool]!.price < price);
      const terms = below.map((one): [number, number] => [one.column, 1]);
      if (below.length > 0) draft.atMost([...terms, [column, quantity], [isUsed, -quantity]], 0);
    }
  }
  for (const pool of wanted) {
    const most = Math.min(pools[pool]!.count, pieces);
    const next = levels.find(({ price }) => price > pools[pool]!.price);
    const ofPool = taken.filter((one) => one.pool === pool).map((one): [number, number] => [one.column, 1]);
    draft.atMost([...ofPool, ...(next ? [[next.column, most] as [number, number]] : []), [isUsed, -most]], 0);
  }
  return { pieces: taken, dear: { pieces, levels } };
}

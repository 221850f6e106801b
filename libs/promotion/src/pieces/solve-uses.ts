import type { Contender } from '../contender.ts';
import { ProgramDraft } from '../integer-program.ts';
import type { Rules } from '../rules.ts';
import type { Pool } from './pools.ts';
import type { DearColumns, PieceColumn, UseColumns } from './use-columns.ts';
import { writeUse } from './use-columns.ts';
import type { Request, Way } from './ways.ts';
import { fits, take, totalOf, wayOf } from './ways.ts';

/**
 * The best deal of a group of uses as an integer program, for those that no search of ours proves. Undefined where a use
 * cannot be written as one.
 *
 * @param known the best that is known: where the solver begins
 * @returns what no combination exceeds too, minor units
 */
export function solveUses(
  uses: readonly Contender[],
  requests: readonly Request[],
  pools: readonly Pool[],
  known: readonly (Way | undefined)[],
  rules: Rules,
): { chosen: (Way | undefined)[]; total: number; totalMax: number } | undefined {
  if (!rules.solve) return undefined;
  const draft = new ProgramDraft();
  const written: UseColumns[] = [];
  for (const [at, use] of uses.entries()) {
    const columns = writeUse(draft, use, requests[at]!.demand, pools, rules.dialect);
    if (!columns) return undefined;
    written.push(columns);
  }
  writePools(draft, written, pools);
  writeDear(draft, written, pools);
  for (const [at, { pieces }] of written.entries()) writeStart(draft, pieces, known[at]);

  const { counts, bound } = rules.solve(draft);
  const chosen = written.map(({ pieces }, at) =>
    counts ? wayIn(pieces, counts, requests[at]!, pools, rules) : undefined,
  );
  const given = givenOf(chosen, uses, pools);
  const total = totalOf(given);
  return { chosen: given, total, totalMax: Math.max(total, wholeUnits(bound, draft)) };
}

/** Of what the solver counted, only what there is and what budgets suffice for. */
function givenOf(
  chosen: readonly (Way | undefined)[],
  uses: readonly Contender[],
  pools: readonly Pool[],
): (Way | undefined)[] {
  const left = pools.map(({ count }) => count);
  return chosen.map((way, at) => {
    if (!way || !fits(way, left) || !isAffordable(way, uses[at]!)) return undefined;
    take(way, left);
    return way;
  });
}

/** A piece serves one use. */
function writePools(draft: ProgramDraft, written: readonly UseColumns[], pools: readonly Pool[]): void {
  for (const [pool, { count }] of pools.entries()) {
    const ofPool = written.flatMap(({ pieces }) => pieces.filter((one) => one.pool === pool));
    if (ofPool.length > 0)
      draft.atMost(
        ofPool.map(({ column }) => [column, 1]),
        count,
      );
  }
}

/**
 * Of n pieces so dear, no more than floor(n / k) uses can have k each. It follows from the rest in whole numbers, but without
 * it the bound is loose where a dozen coupons want the same pieces.
 */
function writeDear(draft: ProgramDraft, written: readonly UseColumns[], pools: readonly Pool[]): void {
  const dear = written.flatMap((one) => one.dear ?? []);
  if (dear.length === 0) return;
  const piecesMin = Math.min(...dear.map(({ pieces }) => pieces));
  const wanted = new Set(written.flatMap((one) => (one.dear ? one.pieces.map(({ pool }) => pool) : [])));
  for (const price of new Set(dear.flatMap(({ levels }) => levels.map((level) => level.price)))) {
    const soDear = [...wanted].reduce(
      (sum, pool) => sum + (pools[pool]!.price >= price ? pools[pool]!.count : 0),
      0,
    );
    const terms = dear.flatMap((use) => columnFrom(use, price));
    const most = Math.floor(soDear / piecesMin);
    if (terms.length > most) draft.atMost(terms, most);
  }
}

/** Whoever has all pieces from a price on has them from its next level on. */
function columnFrom({ levels }: DearColumns, price: number): [number, number][] {
  const level = levels.find((one) => one.price >= price);
  return level ? [[level.column, 1]] : [];
}

/** Of a use whose pieces stand in one column each; of others the solver finds the pieces to the start itself. */
function writeStart(draft: ProgramDraft, pieces: readonly PieceColumn[], way: Way | undefined): void {
  const taken = new Map(way?.uses.map(({ pool, count }) => [pool, count]));
  if (new Set(pieces.map(({ pool }) => pool)).size < pieces.length) return;
  for (const { column, pool } of pieces) draft.start.push([column, taken.get(pool) ?? 0]);
}

function wayIn(
  columns: readonly PieceColumn[],
  counts: ArrayLike<number>,
  { offer }: Request,
  pools: readonly Pool[],
  { dialect }: Rules,
): Way | undefined {
  const byPool = new Map<number, number>();
  for (const { column, pool } of columns) {
    const count = Math.round(counts[column]!);
    if (count > 0) byPool.set(pool, (byPool.get(pool) ?? 0) + count);
  }
  const pieces = [...byPool].map(([pool, count]) => ({ pool, count }));
  return pieces.length > 0 ? wayOf(offer, pieces, pools, dialect) : undefined;
}

function isAffordable({ discount }: Way, { coupon: { budget } }: Contender): boolean {
  return budget?.kind !== 'spend' || BigInt(discount) <= budget.limit - budget.used;
}

/** A solver takes a column for priced right when it is off by so much, minor units for each that there can be. */
const DUAL_TOLERANCE = 1e-7;

/**
 * Totals are whole. The bound of a solver in floating point is one of duals that are nearly feasible: what each column
 * may gain beyond them is within its tolerance, so the true bound is at most that much higher, and is cut to whole units after that.
 */
export function wholeUnits(bound: number, { most }: ProgramDraft): number {
  if (!Number.isFinite(bound)) return bound;
  return Math.floor(
    bound + DUAL_TOLERANCE * most.reduce((sum, one) => sum + one, 0) + 1e-9 * Math.abs(bound),
  );
}

import { ProgramDraft } from '../integer-program.ts';
import type { Rules } from '../rules.ts';
import { pricePieces, worthwhileWays } from './piece-prices.ts';
import { wholeUnits } from './solve-uses.ts';
import type { FoundWays, Way } from './ways.ts';
import { totalOf } from './ways.ts';

/** Ways that a solver is given at most. */
const WAYS_MAX = 20_000;

/**
 * The best choice of ways as an integer program: a column for each way that can be part of a better deal. It is exact also where
 * roundings add up, for every way is priced. Undefined where not all ways are known, or they are too many.
 *
 * @param known the best that is known
 * @returns what no choice exceeds too, minor units
 */
export function solveWays(
  found: readonly FoundWays[],
  capacity: readonly number[],
  known: readonly (Way | undefined)[],
  rules: Rules,
): { chosen: (Way | undefined)[]; total: number; totalMax: number } | undefined {
  if (!rules.solve || !found.every(({ complete }) => complete)) return undefined;
  const all = found.map(({ ways }) => ways.filter(({ discount }) => discount > 0));
  const total = totalOf(known);
  const start = { ways: [...known], total, count: known.filter((way) => way !== undefined).length };
  const ways = worthwhileWays(all, pricePieces(all, capacity, start, rules.isOver));
  const count = ways.flat().length;
  if (count > WAYS_MAX) return undefined;
  if (count === 0) return { chosen: [...known], total, totalMax: total };

  const draft = new ProgramDraft();
  const taken: [number, number][][] = capacity.map(() => []);
  const columns = ways.map((ofUse) =>
    ofUse.map(({ discount, uses }) => {
      const column = draft.column(discount, 1);
      for (const { pool, count } of uses) taken[pool]!.push([column, count]);
      return column;
    }),
  );
  for (const ofUse of columns)
    draft.atMost(
      ofUse.map((column) => [column, 1]),
      1,
    );
  for (const [pool, terms] of taken.entries()) if (terms.length > 0) draft.atMost(terms, capacity[pool]!);

  const { counts, bound } = rules.solve(draft);
  const chosen = ways.map((ofUse, use) =>
    counts ? ofUse.find((_, at) => counts[columns[use]![at]!]! > 0.5) : undefined,
  );
  return { chosen, total: totalOf(chosen), totalMax: Math.max(total, wholeUnits(bound, draft)) };
}

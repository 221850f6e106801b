import type { Dialect } from '../dialect.ts';
import { splitWithin } from '../split.ts';
import type { RunningLine } from './running-line.ts';
import { compareUnitPrice, priceOfUnits, roomOf } from './running-line.ts';

/** What a reward would take from a line; cut to the line's room when it is booked. */
export interface Grant {
  on: RunningLine;
  amount: bigint;
}

/** Price of the units that a reward may touch, less what was taken before. */
export function baseOf(on: RunningLine, quantityMax: number | undefined, taken: bigint): bigint {
  const price = priceOfUnits(on, unitsOf(on, quantityMax));
  return price > taken ? price - taken : 0n;
}

export function unitsOf({ pieces }: RunningLine, quantityMax: number | undefined): number {
  return Math.min(pieces, quantityMax ?? pieces);
}

/** Splits an amount by the bases; what a floor forbids goes to the others. */
export function grantAcross(
  amount: bigint,
  lines: readonly RunningLine[],
  based: (on: RunningLine) => bigint,
  dialect: Dialect,
): Grant[] {
  const weights = dialect.splitBy === 'listed' ? lines.map(based) : grossWeights(lines, based);
  const maxima = lines.map((on) => least(roomOf(on), based(on)));
  const shares = splitWithin(amount, weights, maxima, dialect);
  return lines.map((on, at) => ({ on, amount: shares[at]! }));
}

/** The cheapest units of all the lines. */
export function cheapestUnits(lines: readonly RunningLine[], count: number, dialect: Dialect) {
  const ties = dialect.candidateTies === 'front' ? [...lines] : [...lines].reverse();
  let left = count;
  return ties.sort(compareUnitPrice).map((on) => {
    const units = Math.min(on.pieces, left);
    left -= units;
    return { on, units, base: least(priceOfUnits(on, units), on.line.amount - on.discount) };
  });
}

export function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

/** Whole numbers that are to each other as the bases with tax. */
function grossWeights(lines: readonly RunningLine[], based: (on: RunningLine) => bigint): bigint[] {
  const rates = lines.map(({ line }) => line.taxRate ?? { numerator: 0n, denominator: 1n });
  const scale = rates.reduce((product, { denominator }) => product * denominator, 1n);
  return lines.map((on, at) => {
    const { numerator, denominator } = rates[at]!;
    return (based(on) * scale * (numerator + denominator)) / denominator;
  });
}

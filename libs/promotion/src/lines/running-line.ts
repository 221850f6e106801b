import type { BasketLine } from '../basket.ts';
import { pieceCount } from '../pieces/pieces.ts';
import { portionOf } from '../ratio.ts';
import type { LineScope } from '../terms.ts';

/** A line while offers take from it, one after the other. */
export interface RunningLine {
  /** Position in the basket. */
  at: number;
  line: BasketLine;
  pieces: number;
  discount: bigint;
  /** Discount that the floor leaves at most; zero where the line takes none. */
  discountMax: bigint;
  /** Units that an earlier buy-get bought or freed. */
  unitsUsed: number;
}

export function startLine(line: BasketLine, at: number): RunningLine {
  const floor = line.amountMin ?? 0n;
  const discountMax = line.discountable && line.amount > floor ? line.amount - floor : 0n;
  return { at, line, pieces: pieceCount(line), discount: 0n, discountMax, unitsUsed: 0 };
}

/** What an offer can still take. */
export function roomOf({ discount, discountMax }: RunningLine): bigint {
  return discountMax - discount;
}

/** Price of some units before discounts, to the nearest minor unit: three at 10/3 cost 10. */
export function priceOfUnits({ line, pieces }: RunningLine, units: number): bigint {
  if (units === pieces) return line.amount;
  return portionOf(BigInt(units), { numerator: line.amount, denominator: BigInt(pieces) });
}

export function onTarget(lines: readonly RunningLine[], target: LineScope['target']): RunningLine[] {
  if (target === 'order-and-delivery') return [...lines];
  return lines.filter(({ line }) => (line.kind === 'delivery') === (target === 'delivery'));
}

/** Below zero where a unit of the first costs less. */
export function compareUnitPrice(a: RunningLine, b: RunningLine): number {
  const difference = a.line.amount * BigInt(b.pieces) - b.line.amount * BigInt(a.pieces);
  return difference === 0n ? 0 : difference < 0n ? -1 : 1;
}

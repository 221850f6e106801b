import type { BasketLine } from '../basket.ts';

/** Pieces of one price on one line, not told apart. */
export interface PieceGroup {
  /** Position of the line in the basket. */
  line: number;
  productId: string;
  /** Of one piece, minor units. */
  price: bigint;
  /** What the floor of the line lets a discount take off one piece. */
  room: bigint;
  /** How much of a unit other than 'each' one piece is. */
  unit: string;
  measure: number;
  count: number;
}

/**
 * Pieces of a line, each of which can serve one coupon of a group.
 *
 * Sold by 'each': the whole pieces of the quantity, at least one. Sold by weight, volume or length: one
 * piece, however much it is. Quantity zero is one piece if the line costs something (tills record a
 * price without a count), and none if it costs nothing (it is a note, not a purchase).
 */
export function pieceCount({ quantity, unit, amount }: BasketLine): number {
  const units = Number(quantity);
  if (units === 0) return amount > 0n ? 1 : 0;
  if (unit !== 'each') return 1;
  return Math.min(Math.max(Math.floor(units), 1), Number.MAX_SAFE_INTEGER);
}

/**
 * Pieces that a coupon may take, in basket order. Pieces of a line differ by at most one minor unit and sum
 * to its amount, less what offers of an earlier turn took off it.
 */
export function discountablePieces(lines: readonly { line: BasketLine; discount: bigint }[]): PieceGroup[] {
  return lines.flatMap(({ line, discount }, at) =>
    line.discountable && line.kind !== 'delivery' ? piecesOf(line, at, line.amount - discount) : [],
  );
}

function piecesOf(line: BasketLine, at: number, amount: bigint): PieceGroup[] {
  const count = pieceCount(line);
  if (count === 0) return [];

  const pieces = BigInt(count);
  const price = amount / pieces;
  const dearer = Number(amount % pieces);
  const floor = line.amountMin ? (line.amountMin + pieces - 1n) / pieces : 0n; // Rounded up: together never below.
  const group = (each: bigint, groupCount: number): PieceGroup => ({
    line: at,
    productId: line.productId,
    price: each,
    room: each > floor ? each - floor : 0n,
    unit: line.unit,
    measure: line.unit === 'each' ? 0 : Number(line.quantity),
    count: groupCount,
  });
  return [group(price + 1n, dearer), group(price, count - dearer)].filter((one) => one.count > 0);
}

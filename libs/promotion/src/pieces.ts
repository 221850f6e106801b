import type { Basket, BasketLine } from './types.ts';

/** Pieces of one price on one line. */
export interface PieceGroup {
  /** Position of the line in the basket. */
  line: number;
  productId: string;
  /** Of one piece, minor units. */
  price: bigint;
  count: number;
}

/**
 * Pieces of a line, each of which can serve one coupon.
 *
 * Sold by 'each': the whole pieces of the quantity, at least one. Sold by weight, volume or length: one
 * piece, however much it is. Quantity zero is one piece if the line costs something (tills record a
 * price without a count), and none if it costs nothing (it is a note, not a purchase).
 */
export function pieceCount({ quantity, unit, amount }: BasketLine): number {
  if (Number(quantity) === 0) return amount > 0n ? 1 : 0;
  if (unit !== 'each') return 1;
  return Math.min(Math.max(Math.floor(Number(quantity)), 1), Number.MAX_SAFE_INTEGER);
}

/** Pieces that a coupon may take, in basket order. Pieces of a line differ by at most one minor unit and sum to its amount. */
export function discountablePieces(basket: Basket): PieceGroup[] {
  return basket.lines.flatMap((line, index) => (line.discountable ? piecesOf(line, index) : []));
}

function piecesOf(line: BasketLine, index: number): PieceGroup[] {
  const count = pieceCount(line);
  if (count === 0) return [];

  const price = line.amount / BigInt(count);
  const dearer = Number(line.amount % BigInt(count));
  return [
    { line: index, productId: line.productId, price: price + 1n, count: dearer },
    { line: index, productId: line.productId, price, count: count - dearer },
  ].filter((group) => group.count > 0);
}

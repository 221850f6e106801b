import type { BasketLine } from './basket.ts';
import { pieceCount } from './pieces/pieces.ts';

/** All that are given must hold; an empty selection takes everything. */
export interface Selection {
  productIds?: readonly string[] | undefined;
  lineIds?: readonly string[] | undefined;
  /** One of them. */
  tags?: readonly string[] | undefined;
  /** Inclusive, minor units. */
  unitPriceMin?: bigint | undefined;
  unitPriceMax?: bigint | undefined;
}

export function isSelected(line: BasketLine, select: Selection = {}): boolean {
  const { productIds, lineIds, tags, unitPriceMin, unitPriceMax } = select;
  const pieces = BigInt(pieceCount(line) || 1);
  return (
    (!productIds || productIds.includes(line.productId)) &&
    (!lineIds || lineIds.includes(line.lineId)) &&
    (!tags || tags.some((tag) => line.tags?.includes(tag))) &&
    (unitPriceMin === undefined || line.amount >= unitPriceMin * pieces) &&
    (unitPriceMax === undefined || line.amount <= unitPriceMax * pieces)
  );
}

import { pieceCount } from './pieces.ts';
import type { PreparedOffer } from './prepare.ts';
import type { Basket, RefusalReason } from './types.ts';

/** Pieces per product of a basket. */
export type BasketIndex = ReadonlyMap<string, { pieces: number; discountable: number }>;

/** Per required set, the products of the basket that are in it. */
export type Matches = { quantity: number; productIds: string[] }[];

export function indexBasket(basket: Basket): BasketIndex {
  const index = new Map<string, { pieces: number; discountable: number }>();
  for (const line of basket.lines) {
    const pieces = pieceCount(line);
    if (pieces === 0) continue;
    const entry = index.get(line.productId) ?? { pieces: 0, discountable: 0 };
    entry.pieces += pieces;
    if (line.discountable) entry.discountable += pieces;
    index.set(line.productId, entry);
  }
  return index;
}

/**
 * Whether a basket holds what an offer requires, set by set. Costs one look-up per product of the
 * basket or of the set, whichever are fewer. Sets that share products may still turn out not to fit together.
 */
export function qualify(
  { terms, requires }: PreparedOffer,
  currency: string,
  index: BasketIndex,
): Matches | RefusalReason {
  if (terms.currency !== currency) return 'currency-differs';

  const matches: Matches = [];
  for (const { products, quantity } of requires) {
    const productIds = intersection(products, index);
    if (productIds.length === 0) return 'required-products-missing';
    matches.push({ quantity, productIds });
  }
  const enough = (pieces: 'pieces' | 'discountable') =>
    matches.every(
      ({ productIds, quantity }) => productIds.reduce((n, id) => n + index.get(id)![pieces], 0) >= quantity,
    );
  if (!enough('pieces')) return 'required-quantity-missing';
  return enough('discountable') ? matches : 'not-discountable';
}

function intersection(products: ReadonlySet<string>, index: BasketIndex): string[] {
  const [fewer, others] = products.size < index.size ? [products, index] : [index, products];
  const common: string[] = [];
  for (const productId of fewer.keys()) if (others.has(productId)) common.push(productId);
  return common;
}

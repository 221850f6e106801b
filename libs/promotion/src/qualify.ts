import type { Basket } from './basket.ts';
import { pieceCount } from './pieces/pieces.ts';
import type { RefusalReason } from './evaluation.ts';
import type { PreparedOffer, PreparedSet } from './prepare.ts';

/** What a basket holds of one product. */
interface Held {
  pieces: number;
  amount: number;
  /** By unit other than 'each'. */
  measures: Map<string, number>;
}

/** Per product what is in the basket, and what of it takes a discount. */
export type BasketIndex = ReadonlyMap<string, { all: Held; discountable: Held }>;

/** A required set with the products of the basket that are in it. */
export interface Match {
  set: PreparedSet;
  productIds: string[];
}

export function indexBasket(basket: Basket): BasketIndex {
  const index = new Map<string, { all: Held; discountable: Held }>();
  for (const line of basket.lines) {
    const pieces = pieceCount(line);
    if (pieces === 0 || line.kind === 'delivery') continue;
    let entry = index.get(line.productId);
    if (!entry) index.set(line.productId, (entry = { all: nothing(), discountable: nothing() }));
    for (const held of line.discountable ? [entry.all, entry.discountable] : [entry.all]) {
      held.pieces += pieces;
      held.amount += Number(line.amount);
      if (line.unit === 'each') continue;
      held.measures.set(line.unit, (held.measures.get(line.unit) ?? 0) + Number(line.quantity));
    }
  }
  return index;
}

/**
 * Whether a basket holds what an offer requires, set by set. Costs one look-up per product of the
 * basket or of the set, whichever are fewer. Sets that share products may still turn out not to fit together.
 */
export function qualify({ requires }: PreparedOffer, index: BasketIndex): Match[] | RefusalReason {
  const matches: Match[] = [];
  for (const set of requires) {
    const productIds = intersection(set.products, index);
    if (productIds.length === 0) return 'required-products-missing';
    matches.push({ set, productIds });
  }
  if (!matches.every((match) => isEnough(match, index, 'all'))) return 'required-quantity-missing';
  return matches.every((match) => isEnough(match, index, 'discountable')) ? matches : 'not-discountable';
}

function isEnough({ set, productIds }: Match, index: BasketIndex, which: 'all' | 'discountable'): boolean {
  let pieces = 0;
  let amount = 0;
  let measured = 0;
  for (const productId of productIds) {
    const held = index.get(productId)![which];
    pieces += held.pieces;
    amount += held.amount;
    if (set.measure) measured += held.measures.get(set.measure.unit) ?? 0;
  }
  return pieces >= set.quantity && amount >= set.spendMin && measured >= (set.measure?.atLeast ?? 0);
}

function intersection(products: ReadonlySet<string>, index: BasketIndex): string[] {
  const [fewer, others] = products.size < index.size ? [products, index] : [index, products];
  const common: string[] = [];
  for (const productId of fewer.keys()) if (others.has(productId)) common.push(productId);
  return common;
}

function nothing(): Held {
  return { pieces: 0, amount: 0, measures: new Map() };
}

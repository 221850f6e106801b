import type { Ratio } from './ratio.ts';

/** One line of a receipt as the till knows it before coupons. */
export interface BasketLine {
  /** Unique in its basket. */
  lineId: string;
  productId: string;
  /** Decimal string, not negative. How it turns into pieces: `pieceCount` in pieces/pieces.ts. */
  quantity: string;
  /** 'each' is counted by piece; any other unit ('kg', 'l', …) is one piece however much it is. */
  unit: string;
  /** Price of the whole line before coupons, minor units. */
  amount: bigint;
  /** A line that is not discountable neither carries a discount nor counts towards a requirement. */
  discountable: boolean;
  /** Floor: what the whole line costs at least after all discounts, minor units. Absent: zero. */
  amountMin?: bigint | undefined;
  /** A charge for delivery is no product: only rewards on delivery touch it. Absent: a product. */
  kind?: 'product' | 'delivery' | undefined;
  /** Groups of products that selections may name. */
  tags?: readonly string[] | undefined;
  /** Tax as a part of the net price; only conditions and splits on net or gross amounts look at it. */
  taxRate?: Ratio | undefined;
}

/** The sum of the amounts is at most 2^53 - 1. */
export interface Basket {
  /** ISO 4217 alphabetic code. */
  currency: string;
  lines: readonly BasketLine[];
}

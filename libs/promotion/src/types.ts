/** One line of a receipt as the till knows it before coupons. */
export interface BasketLine {
  /** Unique in its basket. */
  lineId: string;
  productId: string;
  /** Decimal string, not negative. How it turns into pieces: `pieceCount` in pieces.ts. */
  quantity: string;
  /** 'each' is counted by piece; any other unit ('kg', 'l', …) is one piece however much it is. */
  unit: string;
  /** Price of the whole line before coupons, minor units. */
  amount: bigint;
  /** A line that is not discountable neither carries a discount nor counts towards a requirement. */
  discountable: boolean;
}

/** The sum of the amounts is at most 2^53 - 1. */
export interface Basket {
  /** ISO 4217 alphabetic code. */
  currency: string;
  lines: readonly BasketLine[];
}

/** A set of products of which so many pieces must be in the basket. */
export interface RequiredSet {
  productIds: readonly string[];
  /** Pieces, at least 1. */
  quantity: number;
}

export type Reward =
  /** At most the price of the pieces that the coupon takes. */
  | { kind: 'amount-off'; amount: bigint }
  /** Of the pieces that the coupon takes; rounded half up per line, then cut to `amountMax`. */
  | { kind: 'percent-off'; rateBps: number; amountMax?: bigint }
  /** The cheapest `quantity` of the pieces that the coupon takes: 'buy 2 get 1 free' takes 3 and frees 1. */
  | { kind: 'free-item'; quantity: number };

export interface FundingShare {
  party: string;
  /** Basis points of the coupon's own discount. */
  shareBps: number;
}

/**
 * The store adds to a coupon: min(face, upToTotal - face) for a face value below `upToTotal`, else nothing.
 * The face value is the amount of the offer, or what a percentage or a free item comes to.
 */
export interface StoreMatch {
  party: string;
  upToTotal: bigint;
}

/**
 * What an offer promises. Never changed after its first use: what is derived from it is kept per object.
 */
export interface OfferTerms {
  currency: string;
  /** All of these must be in the basket, in different pieces; at least one. */
  requires: readonly RequiredSet[];
  reward: Reward;
  /** Who pays for the coupon's own discount; the shares sum to 10000. */
  funding: readonly FundingShare[];
  storeMatch?: StoreMatch;
}

export interface Coupon {
  /** Unique among the coupons of one evaluation. */
  couponId: string;
  offerId: string;
  terms: OfferTerms;
}

/** Lines and parties that carry nothing are not listed; both lists sum to `discount`, which is above zero. */
export interface AppliedCoupon {
  couponId: string;
  offerId: string;
  discount: bigint;
  lines: { lineId: string; discount: bigint }[];
  /** The parties of the offer, then the store's match as an entry of its own. */
  funding: { party: string; amount: bigint }[];
}

export type RefusalReason =
  | 'currency-differs'
  /** No line holds a product of one of the required sets. */
  | 'required-products-missing'
  /** The products are there, but too few pieces. */
  | 'required-quantity-missing'
  /** It would qualify if lines that take no discount counted. */
  | 'not-discountable'
  /** It qualifies and comes to zero. */
  | 'nothing-left-to-discount'
  /** It would apply alone; other coupons use the pieces to a greater total. */
  | 'beaten-by-better-coupon';

export interface Refusal {
  couponId: string;
  offerId: string;
  reason: RefusalReason;
}

/** Both lists are in the order of the coupons given; every coupon is in exactly one of them. */
export interface Evaluation {
  discount: bigint;
  applied: AppliedCoupon[];
  refused: Refusal[];
}

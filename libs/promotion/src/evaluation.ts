import type { Dialect } from './dialect.ts';
import type { SolveProgram } from './integer-program.ts';
import type { Benefit, OfferTerms } from './terms.ts';

/** An offer as a holder brings it to the till. */
export interface Coupon {
  /** Unique among the coupons of one evaluation. */
  couponId: string;
  offerId: string;
  terms: OfferTerms;
  /** Entered by a code or held (absent), given to everybody, or by a cashier. */
  trigger?: 'code' | 'automatic' | 'manual' | undefined;
  /** Part of the shelf price rather than a promotion. */
  catalogue?: boolean | undefined;
  /** What the offer may still give or be used; refused whole where it would not suffice. */
  budget?: Budget | undefined;
}

export interface Budget {
  kind: 'spend' | 'usage';
  limit: bigint;
  used: bigint;
}

export interface EvaluateOptions {
  /**
   * 'best-deal': the combination with the greatest total. 'stacking': one after the other, by priority and then
   * as given, each on what the ones before left.
   */
  strategy?: 'best-deal' | 'stacking' | undefined;
  /** Where it differs from `DEFAULT_DIALECT`. */
  dialect?: Partial<Dialect> | undefined;
  context?: Partial<Context> | undefined;
  /**
   * Steps of the search for the best deal per group of competing coupons: 300,000, the default. Few baskets take 100 ms; a
   * dozen coupons that want nearly the same three or four pieces may take seconds before they are proven or it ends.
   */
  stepsMax?: number | undefined;
  /**
   * Whether to look no further. Asked again about every tenth of a millisecond that is spent on looking for a better deal;
   * once it says yes, the best found so far is told with what it may have missed. By a clock it keeps a deadline; by
   * counting it gives the same answer on every machine. Never when absent.
   */
  isOver?: (() => boolean) | undefined;
  /** A solver of integer programs, for what the searches do not prove; absent: they are all there is. */
  solve?: SolveProgram | undefined;
}

/** What conditions may ask beside the basket. */
export interface Context {
  customerGroups: readonly string[];
  /** Orders before this one. */
  completedOrders: number;
  preventAutomatic: boolean;
  pricesIncludeTax: boolean;
}

/** Lines and parties that carry nothing are not listed; both lists sum to `discount`. */
export interface AppliedCoupon {
  couponId: string;
  offerId: string;
  /** Zero only where a benefit is all that it gives. */
  discount: bigint;
  lines: { lineId: string; discount: bigint }[];
  /** The parties of the offer, then the store's match as an entry of its own. */
  funding: { party: string; amount: bigint }[];
  /** Given beside or instead of the discount. */
  benefit?: Benefit;
}

export type RefusalReason =
  | 'currency-differs'
  /** No line holds a product of one of the required sets. */
  | 'required-products-missing'
  /** The products are there, but too few pieces, or they measure or cost too little. */
  | 'required-quantity-missing'
  /** It would qualify if lines that take no discount counted. */
  | 'not-discountable'
  /** A condition on the basket or the customer does not hold. */
  | 'condition-not-met'
  /** It qualifies and comes to zero. */
  | 'nothing-left-to-discount'
  /** It would apply alone; other coupons use the pieces to a greater total. */
  | 'beaten-by-better-coupon'
  /** An exclusive offer, or another of its group, applies instead. */
  | 'excluded-by-other-offer'
  | 'campaign-budget-exceeded'
  | 'automatic-prevented'
  | 'overridden-by-manual';

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
  /**
   * The best combination saves at most so much more, minor units; zero: this is proven to be the best. Above
   * zero only where a search ended at its budget, or groups that take pieces work on the same lines.
   * Of the strategy 'stacking' always zero: it does not look for the best.
   */
  missedAtMost: bigint;
}

import type { Condition } from './conditions.ts';
import type { Selection } from './selection.ts';

/**
 * What an offer promises: what must be in the basket, what is given, and who pays.
 *
 * An offer takes pieces, or it stands over lines. One that takes pieces (it requires products, and its reward
 * is on them) is a coupon in the paper sense: a piece serves one offer of a group only. One that stands over
 * lines (its reward is on lines, or it requires nothing) adds to what others gave. Benefits take no pieces.
 *
 * Never changed after its first use: what is derived from it is kept per object.
 */
export interface OfferTerms {
  /** ISO 4217 alphabetic code. */
  currency: string;
  /** All of these must be in the basket, in different pieces. Empty: nothing is required, and the reward is on the basket. */
  requires: readonly RequiredSet[];
  /** What else must be true of the basket; all of them. */
  conditions?: readonly Condition[] | undefined;
  reward: Reward;
  /** How often one coupon applies in one basket, each time to pieces of its own; 1 when absent. */
  usesPerBasket?: number | undefined;
  /** Who pays for the offer's own discount; the shares sum to 10000. */
  funding: readonly FundingShare[];
  storeMatch?: StoreMatch | undefined;
  stacking?: Stacking | undefined;
}

/** A set of products of which so much must be in the basket; all bounds given must be reached. */
export interface RequiredSet {
  productIds: readonly string[];
  /** Pieces at least; 1 or more. */
  quantity: number;
  /** Pieces that the offer takes at most where more are there; absent: no more than the bounds ask. */
  quantityMax?: number | undefined;
  /** The pieces measure together at least so much (a decimal string) of a unit that is not 'each'. */
  measure?: { unit: string; atLeast: string } | undefined;
  /** The pieces cost together at least so much, minor units. */
  spendMin?: bigint | undefined;
}

export type Reward =
  | MoneyOff
  /** Something beside money off: a gift, points, an upgrade, a ticket. Takes no pieces. */
  | { kind: 'benefit'; benefit: Benefit }
  /** All of these, one after the other; one benefit at most. */
  | { kind: 'several'; rewards: readonly (MoneyOff | { kind: 'benefit'; benefit: Benefit })[] };

export type MoneyOff =
  /** At most the price of what it is on. */
  | { kind: 'amount-off'; amount: bigint; on?: LineScope | undefined }
  /** Rounded per line, then cut to `amountMax`. */
  | {
      kind: 'percent-off';
      /** 0 to 10000, with up to four decimals. */
      rateBps: number;
      amountMax?: bigint | undefined;
      on?: PieceScope | LineScope | undefined;
    }
  /** The cheapest `quantity` of the pieces that the offer takes: 'buy 2 get 1 free' takes 3 and frees 1. */
  | { kind: 'free-item'; quantity: number }
  /** The pieces that the offer takes cost this together; nothing where they cost less. */
  | { kind: 'fixed-price'; amount: bigint }
  /** Buy some units, get others cheaper, by selection instead of required sets; one after the other, as web shops do. */
  | {
      kind: 'buy-get';
      rateBps: number;
      buy: Selection;
      buyQuantity: number;
      get: Selection;
      getQuantity: number;
    };

/** Which of the pieces taken; absent: all of them. Positions of required sets begin with 0. */
export type PieceScope =
  | { kind: 'cheapest'; quantity: number }
  | { kind: 'dearest'; quantity: number }
  | { kind: 'set'; set: number };

/** Lines as they are in the basket; the reward adds to what earlier offers gave on them. */
export interface LineScope {
  kind: 'lines';
  /** 'order' is all product lines. */
  target: 'lines' | 'order' | 'delivery' | 'order-and-delivery';
  /** 'each' follows the dialect; 'across' splits one amount; 'once' takes the cheapest units of all. */
  allocation: 'each' | 'each-line' | 'each-unit' | 'across' | 'once';
  /** Units per line that are touched, of 'once': in all. Absent: every unit, of 'once': 1. */
  quantityMax?: number | undefined;
  select?: Selection | undefined;
}

/** Seed 000, claim 4. */
export type Benefit =
  | { kind: 'gift'; productId: string; quantity: number }
  | { kind: 'points'; scheme: string; points: number }
  | { kind: 'upgrade'; to: string }
  /** Admits so many people, once. */
  | { kind: 'ticket'; event: string; admits: number };

export interface FundingShare {
  party: string;
  /** Basis points of the offer's own discount. */
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

export interface Stacking {
  /**
   * Offers of one group share no piece, and of those over lines only one applies.
   * Absent: those that take pieces are one group, each of the others is alone.
   */
  group?: string | undefined;
  /** Higher goes first, and later ones work on what is left; 0 when absent. A group goes with its highest. */
  priority?: number | undefined;
  /** Applies alone or not at all. */
  exclusive?: boolean | undefined;
}

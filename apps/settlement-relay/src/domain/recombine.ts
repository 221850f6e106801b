import type { AppliedCoupon, Capabilities, CouponSearch, Strategy } from '@couplet/contracts';
import type { AuthorizationEvent } from './authorization-table.ts';
import type { Approval } from './settlement.ts';

/** What the card network said. `unknown` is a timeout: it may hold money. */
export type CardAnswer =
  | { readonly kind: 'no-card' }
  | { readonly kind: 'approved'; readonly approval: Approval }
  | { readonly kind: 'partly-approved'; readonly approvedAmount: bigint }
  | { readonly kind: 'insufficient-funds' }
  | { readonly kind: 'declined'; readonly reason: string }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'never-sent' };

/** What the registry said, or why nothing is known of it. */
export type CouponAnswer =
  | { readonly couponSearch: 'found'; readonly coupons: readonly AppliedCoupon[] }
  | { readonly couponSearch: Exclude<CouponSearch, 'found'> };

export type Decision = Grants | AsksAgain | Abandons;

export interface Grants {
  readonly kind: 'grant';
  readonly amount: bigint;
  readonly coupons: readonly AppliedCoupon[];
  readonly couponSearch: CouponSearch;
  readonly strategy: Strategy;
  readonly approval?: Approval;
  /** What the grant makes of the authorization on its way; absent without a card. */
  readonly authorization?: AuthorizationEvent;
}
/** Short of funds at the full price: the card is asked once more, at this amount. */
export interface AsksAgain {
  readonly kind: 'ask-again';
  readonly amount: bigint;
}
export interface Abandons {
  readonly kind: 'abandon';
  readonly reason: string;
  readonly couponSearch: CouponSearch;
  readonly authorization: AuthorizationEvent;
}

/**
 * Recombines the two answers of the fan-out into one decision.
 *
 * @param price full price, minor units; what the card was asked to hold
 */
export function recombine(
  card: CardAnswer,
  search: CouponAnswer,
  rail: Capabilities,
  price: bigint,
): Decision {
  const coupons = couponsOf(search, price);
  const discounted = price - discountOf(coupons);
  switch (card.kind) {
    case 'no-card':
      return { ...granted(discounted, coupons, search), strategy: 'none' };
    case 'approved':
      return recombineApproved(card.approval, coupons, search, rail, price);
    case 'insufficient-funds':
      if (coupons.length === 0) break;
      if (discounted === 0n)
        return { ...granted(0n, coupons, search), strategy: 'none', authorization: 'declined' };
      if (rail.secondAuthorization) return { kind: 'ask-again', amount: discounted };
      break;
    case 'partly-approved':
    case 'declined':
    case 'unknown':
    case 'never-sent':
      break;
  }
  return abandons(card, search);
}

/** The answer to the one more try: granted at what was asked, or the end. */
export function recombineSecond(card: CardAnswer, search: CouponAnswer, price: bigint): Grants | Abandons {
  if (card.kind !== 'approved') return abandons(card, search);
  const coupons = couponsOf(search, price);
  const amount = price - discountOf(coupons);
  const approved = { strategy: 'none', approval: card.approval, authorization: 'approved' } as const;
  return { ...granted(amount, coupons, search), ...approved };
}

/** Whether a coupon could still change the decision: no other answer of the card waits for the search. */
export function needsSearch({ kind }: CardAnswer): boolean {
  return kind === 'approved' || kind === 'no-card' || kind === 'insufficient-funds';
}

function recombineApproved(
  approval: Approval,
  coupons: readonly AppliedCoupon[],
  search: CouponAnswer,
  rail: Capabilities,
  price: bigint,
): Grants {
  const amount = price - discountOf(coupons);
  if (amount === 0n) return { ...granted(0n, coupons, search), strategy: 'none', authorization: 'given-up' };
  if (amount === price) return keepPrice(approval, search, price);
  if (rail.shrink) {
    return { ...granted(amount, coupons, search), strategy: 'shrink', approval, authorization: 'approved' };
  }
  if (rail.finalPartialCapture) {
    const authorization = 'approved-unshrinkable';
    return { ...granted(amount, coupons, search), strategy: 'final-capture', approval, authorization };
  }
  // This rail could not take less than it holds: the full price, and every coupon goes back.
  return keepPrice(approval, search, price);
}

const keepPrice = (approval: Approval, search: CouponAnswer, price: bigint): Grants => ({
  ...granted(price, [], search),
  strategy: 'none',
  approval,
  authorization: 'approved',
});

const granted = (
  amount: bigint,
  coupons: readonly AppliedCoupon[],
  { couponSearch }: CouponAnswer,
): Omit<Grants, 'strategy'> => ({ kind: 'grant', amount, coupons, couponSearch });

function abandons(card: CardAnswer, { couponSearch }: CouponAnswer): Abandons {
  switch (card.kind) {
    case 'declined':
      return { kind: 'abandon', reason: card.reason, couponSearch, authorization: 'declined' };
    case 'insufficient-funds':
      return { kind: 'abandon', reason: 'insufficient-funds', couponSearch, authorization: 'declined' };
    case 'never-sent':
      return { kind: 'abandon', reason: 'network-unavailable', couponSearch, authorization: 'never-sent' };
    case 'partly-approved':
      return { kind: 'abandon', reason: 'partial-approval', couponSearch, authorization: 'given-up' };
    case 'unknown':
    case 'approved':
    case 'no-card':
      return { kind: 'abandon', reason: 'timeout', couponSearch, authorization: 'given-up' };
  }
}

/** Coupons that take something off; together never more than the price, else the answer is not to be trusted. */
function couponsOf(search: CouponAnswer, price: bigint): readonly AppliedCoupon[] {
  if (search.couponSearch !== 'found') return [];
  const useful = search.coupons.filter(({ discount }) => discount > 0n);
  return discountOf(useful) <= price ? useful : [];
}

const discountOf = (coupons: readonly AppliedCoupon[]): bigint =>
  coupons.reduce((sum, { discount }) => sum + discount, 0n);

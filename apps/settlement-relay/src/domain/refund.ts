import { refund as give, type Refundable, type Refund as Given } from '@couplet/promotion';
import { cardAmountOf, refundedOnCard, type Grant, type Refund, type Settlement } from './settlement.ts';

/** What a refund may ask for: parts of lines, or everything that is left. */
export interface ReturnRequest {
  readonly refundId: string;
  readonly lines?: readonly { readonly lineId: string; readonly quantity?: string | undefined }[];
}

/** Whether a coupon goes back to its holder when all that it discounted came back. */
export type CouponReturn = 'with-its-lines' | 'never';

export type PlannedRefund =
  | { readonly kind: 'refund'; readonly refund: Refund; readonly discounts: Given['coupons'] }
  | { readonly kind: 'refused'; readonly reason: RefundRefusal; readonly lineId?: string };
export type RefundRefusal =
  'nothing-left' | 'no-lines' | 'line-unknown' | 'line-twice' | 'quantity-invalid' | 'more-than-is-left';

/**
 * What comes back of a confirmed sale, at exactly the price at which it was sold. The card is paid back first; what it
 * never paid is given back by hand.
 */
export function planRefund(
  settlement: Settlement,
  asked: ReturnRequest,
  policy: CouponReturn,
): PlannedRefund {
  const { grant } = settlement;
  if (!grant) throw new Error(`settlement ${settlement.settlementId} is refunded without a grant`);
  if (grant.lines.length === 0) {
    if (asked.lines) return { kind: 'refused', reason: 'no-lines' };
    const given = settlement.refunds.reduce((sum, one) => sum + one.amount, 0n);
    const isLate = settlement.refunds.every(({ lateDiscounts }) => lateDiscounts !== undefined);
    if (!isLate) return { kind: 'refused', reason: 'nothing-left' };
    const coupons = discountsOf(grant.coupons);
    return planned(settlement, asked, { amount: grant.amount - given, lines: [], coupons }, [], policy);
  }
  const before = leftOf(settlement);
  if (before.lines.length === 0) return { kind: 'refused', reason: 'nothing-left' };
  const outcome = give(before, asked.lines ?? before.lines.map(({ lineId }) => ({ lineId })));
  if ('refused' in outcome) return { kind: 'refused', reason: outcome.refused, lineId: outcome.lineId };
  return planned(settlement, asked, outcome.refund, outcome.left.lines, policy);
}

function planned(
  settlement: Settlement,
  { refundId }: ReturnRequest,
  { amount, lines, coupons: discounts }: Given,
  left: Refundable['lines'],
  policy: CouponReturn,
): PlannedRefund {
  const cardAmount = least(amount, leftOnCard(settlement));
  const couponIds = policy === 'never' ? [] : couponsGoingBack(settlement, left);
  const state = cardAmount > 0n ? 'due' : 'done';
  return { kind: 'refund', refund: { refundId, amount, cardAmount, lines, couponIds, state }, discounts };
}

/** A person may have moved the card network below what was given back. */
function leftOnCard(settlement: Settlement): bigint {
  const left = cardAmountOf(settlement) - refundedOnCard(settlement);
  return left > 0n ? left : 0n;
}

const least = (one: bigint, other: bigint): bigint => (one < other ? one : other);

/** What the sale still carries after every refund before. */
function leftOf({ grant, refunds }: Settlement): Refundable {
  const late = refunds.flatMap(({ lateDiscounts = [] }) => lateDiscounts);
  const coupons = [...discountsOf(grant?.coupons ?? []), ...late];
  const sold: Refundable = { lines: grant?.lines ?? [], coupons };
  return refunds.reduce((left, { lines }) => {
    const outcome = give(left, lines);
    if ('refused' in outcome) throw new Error(`a journalled refund does not fit: ${outcome.refused}`);
    return outcome.left;
  }, sold);
}

/** Coupons of which nothing stays sold; a coupon that touched no line goes back with the last line. */
function couponsGoingBack({ grant, refunds }: Settlement, left: Refundable['lines']): string[] {
  const staying = new Set(left.map(({ lineId }) => lineId));
  const before = new Set(refunds.flatMap(({ couponIds }) => couponIds));
  const mayGo = ({ lines }: Grant['coupons'][number]) =>
    lines.length === 0 ? staying.size === 0 : lines.every(({ lineId }) => !staying.has(lineId));
  const going = (grant?.coupons ?? []).filter((coupon) => mayGo(coupon) && !before.has(coupon.couponId));
  return going.map(({ couponId }) => couponId);
}

const discountsOf = (coupons: Grant['coupons']): Given['coupons'] =>
  coupons
    .filter(({ discount }) => discount > 0n)
    .map(({ couponId, lines, funding }) => ({ couponId, lines, funding }));

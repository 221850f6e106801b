import type { AppliedCoupon } from '@couplet/contracts';
import { cardAmountOf, type Refund, type Settlement } from './settlement.ts';

/**
 * Seed 003, claim 82: the shopper pays the full price, and what such a coupon is worth is given back on the same card. It
 * is a refund that is planned with the grant: journalled in the commit that makes the sale final, sent after the capture.
 */
export const isCredit = ({ settledBy }: Pick<AppliedCoupon, 'settledBy'>): boolean =>
  settledBy === 'statement-credit';

/** What coupons take off the price; minor units. */
export const tillDiscountOf = (coupons: readonly AppliedCoupon[]): bigint =>
  worthOf(coupons.filter((coupon) => !isCredit(coupon)));

/** What is given back for coupons after the sale; minor units. */
export const creditOf = (coupons: readonly AppliedCoupon[]): bigint => worthOf(coupons.filter(isCredit));

/**
 * The coupons without credits that are more than the card pays: those stay with their holder. So every credit goes back
 * on its card whole, and nothing of it by hand, which a cancel could not take into account.
 *
 * @param onCard minor units
 */
export function creditableOn(onCard: bigint, coupons: readonly AppliedCoupon[]): AppliedCoupon[] {
  let left = onCard;
  return coupons.filter((coupon) => {
    if (!isCredit(coupon)) return true;
    if (coupon.discount > left) return false;
    left -= coupon.discount;
    return true;
  });
}

/** What a sale owes its card from the moment it is final. @returns undefined when no coupon of it is credited */
export function creditOwed(sale: Settlement, refundId: string): Refund | undefined {
  const credits = (sale.grant?.coupons ?? []).filter((one) => isCredit(one) && one.discount > 0n);
  return credits.length > 0 ? refundOf(sale, refundId, credits) : undefined;
}

/** Gives what these coupons are worth: on the card as far as it paid, without a card by hand. */
export function refundOf(sale: Settlement, refundId: string, coupons: readonly AppliedCoupon[]): Refund {
  const amount = worthOf(coupons);
  const onCard = cardAmountOf(sale);
  const cardAmount = amount < onCard ? amount : onCard;
  const lateDiscounts = coupons.map(({ couponId, lines, funding }) => ({ couponId, lines, funding }));
  const state = cardAmount > 0n ? 'due' : 'done';
  return { refundId, amount, cardAmount, lines: [], couponIds: [], lateDiscounts, state };
}

const worthOf = (coupons: readonly AppliedCoupon[]): bigint =>
  coupons.reduce((sum, { discount }) => sum + discount, 0n);

import type { Coupon, OfferTerms } from '@couplet/promotion';

/** ISO 4217 for 'no currency': cases name none. */
export const CURRENCY = 'XXX';

/** An offer over lines, as all the cases have; who pays is not asked. */
export function couponOf(
  promotionId: string,
  terms: Pick<OfferTerms, 'reward' | 'conditions' | 'stacking'>,
): Coupon {
  const funding = [{ party: 'issuer', shareBps: 10_000 }];
  return {
    couponId: promotionId,
    offerId: promotionId,
    terms: { currency: CURRENCY, requires: [], funding, ...terms },
  };
}

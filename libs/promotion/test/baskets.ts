import type { Basket, BasketLine } from '../src/basket.ts';
import type { Coupon } from '../src/evaluation.ts';
import type { OfferTerms } from '../src/terms.ts';

/** Builders for tests: each shows only what the test is about. */
export function basketOf(...lines: BasketLine[]): Basket {
  return { currency: 'USD', lines };
}

export function aLine(lineId: string, changes: Partial<BasketLine> = {}): BasketLine {
  return {
    lineId,
    productId: 'soap',
    quantity: '1',
    unit: 'each',
    amount: 300n,
    discountable: true,
    ...changes,
  };
}

export function aCoupon(couponId: string, terms: Partial<OfferTerms> = {}): Coupon {
  return { couponId, offerId: `offer-of-${couponId}`, terms: someTerms(terms) };
}

export function someTerms(changes: Partial<OfferTerms> = {}): OfferTerms {
  return {
    currency: 'USD',
    requires: [{ productIds: ['soap'], quantity: 1 }],
    reward: { kind: 'amount-off', amount: 100n },
    funding: [{ party: 'manufacturer', shareBps: 10_000 }],
    ...changes,
  };
}

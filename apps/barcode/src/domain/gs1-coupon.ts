import type { OfferTerms } from '@couplet/contracts';
import { writeGs1Coupon8110 } from '@couplet/promotion';

const FUNDER = /^manufacturer:(\d{6,12})$/;

/**
 * A manufacturer's coupon as AI (8110) tells it: so much off so many pieces of its products. Without a serial number.
 *
 * @param offerCode six digits that the manufacturer knows the offer by
 * @returns undefined if the offer promises anything that AI (8110) cannot say, or is not funded by one manufacturer alone
 */
export function gs1CouponOf(terms: OfferTerms, offerCode: string, expiresAt: Date): string | undefined {
  const { requires, conditions, reward, funding, currency, usesPerBasket = 1 } = terms;
  const [set] = requires;
  const gcp = funding.length === 1 ? FUNDER.exec(funding[0]!.party)?.[1] : undefined;
  if (!gcp || !set || requires.length !== 1 || conditions?.length || usesPerBasket !== 1) return undefined;
  if (set.measure || set.spendMin !== undefined || reward.kind !== 'amount-off' || reward.on)
    return undefined;
  if (currency !== 'USD' || reward.amount > 99_999n) return undefined;
  return writeGs1Coupon8110({
    gcp,
    offerCode,
    saveValue: String(reward.amount),
    primary: { requirement: String(set.quantity), requirementCode: '0', familyCode: '000' },
    expiration: expiresAt.toISOString().slice(2, 10).replaceAll('-', ''),
  });
}

/** Offers carry no code of the manufacturer's yet, so six digits of their own id stand in for it. */
export function offerCodeOf(offerId: string): string {
  return String(Number.parseInt(offerId.slice(-6), 16) % 1_000_000).padStart(6, '0');
}

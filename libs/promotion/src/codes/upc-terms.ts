import type { OfferTerms } from '../terms.ts';
import type { UpcCoupon } from './upc-coupon.ts';
import { UPC_VALUE_CODES, type UpcValue } from './upc-value-codes.ts';

/** Terms of an offer as a UPC-A coupon code promises them, in US dollars; funded by the manufacturer it names. */
export function termsOfUpc(coupon: UpcCoupon, productIds: readonly string[]): OfferTerms {
  return {
    currency: 'USD',
    requires: [{ productIds, quantity: coupon.purchase }],
    reward: coupon.reward,
    funding: [{ party: `manufacturer:${coupon.manufacturer}`, shareBps: 10_000 }],
  };
}

/**
 * Writes the 11 digits that `parseUpcCoupon` reads: who issues the coupon, and what it promises.
 *
 * @returns undefined where no value code says what the terms promise
 */
export function writeUpcCoupon(
  { manufacturer, family }: Pick<UpcCoupon, 'manufacturer' | 'family'>,
  terms: OfferTerms,
): string | undefined {
  const valueCode = valueCodeOf(terms);
  return valueCode === undefined ? undefined : `5${manufacturer}${family}${valueCode}`;
}

function valueCodeOf({ requires, reward }: OfferTerms): string | undefined {
  const [set, ...others] = requires;
  if (!set || others.length > 0 || set.quantityMax !== undefined || set.measure || set.spendMin)
    return undefined;
  const entries = Object.entries(UPC_VALUE_CODES);
  return entries.find(([, value]) => value.purchase === set.quantity && isSame(value.reward, reward))?.[0];
}

function isSame(value: UpcValue['reward'], reward: OfferTerms['reward']): boolean {
  if (reward.kind === 'amount-off') {
    return value.kind === 'amount-off' && !reward.on && value.amount === reward.amount;
  }
  return reward.kind === 'free-item' && value.kind === 'free-item' && value.quantity === reward.quantity;
}

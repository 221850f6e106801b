import type { AppliedCoupon } from '@couplet/promotion';
import { RETAILER } from '../plan/offers.ts';

/** What a coupon took off, in cents, by who pays for it. */
export interface Amounts {
  manufacturer: bigint;
  store: bigint;
}

export function amountsOf(coupons: readonly Pick<AppliedCoupon, 'funding'>[]): Amounts {
  const amounts = { manufacturer: 0n, store: 0n };
  for (const { party, amount } of coupons.flatMap(({ funding }) => funding)) {
    amounts[party === RETAILER ? 'store' : 'manufacturer'] += amount;
  }
  return amounts;
}

export function sumOf(all: readonly Amounts[]): Amounts {
  return {
    manufacturer: all.reduce((sum, { manufacturer }) => sum + manufacturer, 0n),
    store: all.reduce((sum, { store }) => sum + store, 0n),
  };
}

export function equal(a: Amounts, b: Amounts): boolean {
  return a.manufacturer === b.manufacturer && a.store === b.store;
}

export function isZero(amounts: Amounts): boolean {
  return equal(amounts, { manufacturer: 0n, store: 0n });
}

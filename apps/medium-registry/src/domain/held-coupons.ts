import type { FindHeldCouponsV1 } from '@couplet/contracts';
import type { z } from 'zod';
import type { Candidate, Occasion } from './candidate.ts';
import type { FoundWith } from './coupon-search.ts';
import { toFound, usable } from './coupon-search.ts';
import { ANY_PRODUCT, productsOf } from './offer.ts';

export type HeldCoupon = z.output<typeof FindHeldCouponsV1.reply>['coupons'][number];

/** Products named of each coupon; a phone shows no more before one is chosen. */
const PRODUCTS_NAMED = 20;

/** What the holder could use at that time, and where the next page begins. */
export function pageOfHeld(
  request: Omit<z.output<typeof FindHeldCouponsV1.request>, 'holderId' | 'couponIds'> &
    Pick<Occasion, 'timeZone'>,
  found: FoundWith,
): { coupons: HeldCoupon[]; after?: string } {
  const { at, text, after, limit, productIds, ...occasion } = request;
  const all = usable({ ...occasion, presentedAt: at }, found).filter(
    ({ offer }) => !text || offer.title.toLowerCase().includes(text.toLowerCase()),
  );
  const start = after === undefined ? 0 : all.findIndex(({ couponId }) => couponId === after) + 1;
  const page = all.slice(start, start + limit);
  return {
    coupons: page.map((candidate) => toHeld(candidate, productIds)),
    ...(start + limit < all.length && { after: page.at(-1)!.couponId }),
  };
}

function toHeld(candidate: Candidate, wanted?: readonly string[]): HeldCoupon {
  const products = productsOf(candidate.offer.terms).filter((productId) => productId !== ANY_PRODUCT);
  const covered = new Set(products);
  return {
    ...toFound(candidate),
    productCount: products.length,
    productIds: wanted
      ? wanted.filter((productId) => covered.size === 0 || covered.has(productId))
      : products.slice(0, PRODUCTS_NAMED),
  };
}

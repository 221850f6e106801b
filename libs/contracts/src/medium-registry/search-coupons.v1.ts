import { z } from 'zod';
import { request } from '../contract.ts';
import { SettledBy } from '../settled-by.ts';
import { Currency, Id, MinorAmount, Name, PresentedMedium, Purpose, Timestamp } from '../values.ts';

/** Seed 000, claim 1(e): the coupons usable for these media and this purpose. Reserves nothing. */
export const SearchCouponsV1 = request({
  service: 'medium-registry',
  verb: 'search-coupons',
  version: 1,
  callers: ['relay', 'operator', 'gateway'],
  summary: 'Find the coupons that these media may use for this purpose, without reserving them.',
  request: z.object({
    searchId: Id,
    media: z.array(PresentedMedium).min(1).max(8),
    purpose: Purpose,
    presentedAt: Timestamp,
    storeId: Name.optional(),
    productIds: z
      .array(Name)
      .max(1_000)
      .optional()
      .describe('Only coupons that touch one of these products.'),
    limit: z.int().min(1).max(200).default(50),
  }),
  reply: z.object({
    searchId: Id,
    coupons: z.array(
      z.object({
        couponId: Id,
        holderId: Id.describe('With couponId, what print-coupon needs.'),
        offerId: Id,
        title: z.string(),
        currency: Currency,
        amountMax: MinorAmount.optional().describe('Most it can take off, where the terms say so.'),
        settledBy: SettledBy.optional(),
        validTo: Timestamp,
      }),
    ),
  }),
});

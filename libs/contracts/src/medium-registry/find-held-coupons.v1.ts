import { z } from 'zod';
import { request } from '../contract.ts';
import { SettledBy } from '../settled-by.ts';
import { Currency, Id, MinorAmount, Name, Purpose, Timestamp } from '../values.ts';

/** Seed 003, claim 6: a holder searches the coupons he holds. Reserves nothing. */
export const FindHeldCouponsV1 = request({
  service: 'medium-registry',
  verb: 'find-held-coupons',
  version: 1,
  callers: ['gateway', 'operator', 'barcode'],
  summary: 'Find the coupons that a holder could use, soonest to expire first.',
  request: z.object({
    holderId: Id,
    at: Timestamp.describe('Coupons that can be used then.'),
    couponIds: z.array(Id).min(1).max(200).optional(),
    productIds: z
      .array(Name)
      .min(1)
      .max(1_000)
      .optional()
      .describe('Only coupons that touch one of these products.'),
    storeId: Name.optional(),
    purpose: Purpose.default('purchase'),
    text: z.string().min(1).max(64).optional().describe('Part of the title, whatever its case.'),
    after: Id.optional().describe('The last couponId of the page before.'),
    limit: z.int().min(1).max(200).default(50),
  }),
  reply: z.object({
    coupons: z.array(
      z.object({
        couponId: Id,
        offerId: Id,
        title: z.string(),
        currency: Currency,
        amountMax: MinorAmount.optional().describe('Most it can take off, where the terms say so.'),
        settledBy: SettledBy.optional(),
        productCount: z.int().describe('Products it is for.'),
        productIds: z.array(Name).describe('The first 20 of them; of productIds, those it is for.'),
        validTo: Timestamp,
      }),
    ),
    after: Id.optional().describe('Present when there are more: give it to get them.'),
  }),
});

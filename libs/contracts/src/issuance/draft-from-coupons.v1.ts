import { z } from 'zod';
import { request } from '../contract.ts';
import { OfferConditions } from '../offer-conditions.ts';
import { OfferTerms } from '../offer-terms.ts';
import { Id, MinorAmount, Name } from '../values.ts';
import { CouponFamily, Gs1CouponData } from './paper-coupon.ts';

const PaperCoupon = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('upc-a'),
    code: z
      .string()
      .regex(/^\d{11,12}$/, 'must be 11 digits, or 12 with the check digit')
      .describe('UPC-A coupon code, number system 5.'),
  }),
  z.object({
    kind: z.literal('gs1-8110'),
    data: Gs1CouponData,
  }),
]);

export const DraftFromCouponsV1 = request({
  service: 'issuance',
  verb: 'draft-from-coupons',
  version: 1,
  callers: ['operator', 'gateway'],
  summary:
    'Write drafts of what paper coupons promise: UPC-A coupon codes and GS1 AI (8110) strings. What the code cannot say is given beside it. Otherwise as draft-offers.',
  request: z.object({
    draftedBy: Name,
    offers: z
      .array(
        z.object({
          offerId: Id,
          campaignId: Id,
          title: z.string().min(1).max(128),
          coupon: PaperCoupon,
          products: z
            .array(
              z.object({
                gcp: z
                  .string()
                  .regex(/^\d{6,12}$/)
                  .optional()
                  .describe('Absent: of any company.'),
                family: CouponFamily.optional().describe('Absent: of any family.'),
                productIds: z.array(Name).min(1).max(20_000),
              }),
            )
            .min(1)
            .max(16)
            .describe('Which products the companies and families of the code are.'),
          party: Name.optional().describe('Who pays. Absent: the company in the code.'),
          storeMatch: z.object({ party: Name, upToTotal: MinorAmount }).optional(),
          conditions: OfferConditions.optional().describe(
            'Absent: for purchases, between the dates in the code, by the clock of each store.',
          ),
        }),
      )
      .min(1)
      .max(500),
  }),
  reply: z.object({
    drafted: z.int(),
    offers: z.array(z.object({ offerId: Id, terms: OfferTerms, conditions: OfferConditions })),
  }),
});

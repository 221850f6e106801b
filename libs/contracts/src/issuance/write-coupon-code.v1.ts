import { z } from 'zod';
import { request } from '../contract.ts';
import { Id } from '../values.ts';
import { CouponFamily, Gs1CouponData } from './paper-coupon.ts';

const CouponNaming = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('upc-a'),
      manufacturer: z
        .string()
        .regex(/^\d{5}$/, 'must be 5 digits')
        .describe('Who issues the coupon.'),
      family: CouponFamily,
    }),
    z.object({
      kind: z.literal('gs1-8110'),
      like: Gs1CouponData.describe(
        'A string for as many purchases as the offer requires: the one the offer was drafted from, or one made for it. Company, offer code, families, serial and retailer are taken from it; what is promised is taken from the offer, and so are the dates, where this has dates.',
      ),
    }),
  ])
  .describe('What the offer does not know of itself.');

export const WriteCouponCodeV1 = request({
  service: 'issuance',
  verb: 'write-coupon-code',
  version: 1,
  callers: ['operator', 'gateway'],
  summary:
    'Write an offer as the code of a paper coupon, which draft-from-coupons reads to the same terms. Refused, term by term, where such a code cannot say what the offer promises. Who pays, what the store adds, and conditions other than dates are in no code. Changes nothing.',
  request: z.object({ offerId: Id, as: CouponNaming }),
  reply: z.object({
    code: z
      .string()
      .regex(/^\d{12,70}$/)
      .describe('UPC-A: 12 digits, the last one checks the others. GS1: what follows AI (8110).'),
  }),
});

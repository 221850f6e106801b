import { z } from 'zod';
import { request } from '../contract.ts';
import { AppliedCoupon } from '../applied-coupon.ts';
import {
  BasketLine,
  Currency,
  Id,
  MinorAmount,
  Name,
  Purpose,
  Timestamp,
  TokenizedMedium,
} from '../values.ts';

/**
 * The search half of a settlement: finds the best coupons for the basket and takes them until the settlement's end is known.
 * One transaction keyed by settlementId; a repeat gets the stored answer; after the end it is answered `none`.
 */
export const ReserveCouponsV1 = request({
  service: 'medium-registry',
  verb: 'reserve-coupons',
  version: 1,
  callers: ['settlement-relay', 'barcode'],
  summary: 'Search, price and reserve the best coupons for a basket.',
  request: z
    .object({
      settlementId: Id,
      media: z.array(TokenizedMedium).max(9),
      held: z
        .object({ holderId: Id, couponIds: z.array(Id).min(1).max(16) })
        .optional()
        .describe('In place of media: these coupons of one holder, who shows them by a bar code.'),
      purpose: Purpose,
      storeId: Name,
      presentedAt: Timestamp,
      resolveAt: Timestamp.describe(
        'From then on the registry asks the caller to resolve (resolve, resolve-scan); it frees nothing by itself.',
      ),
      currency: Currency,
      amount: MinorAmount,
      lines: z.array(BasketLine).max(1_000),
      canCredit: z
        .boolean()
        .optional()
        .describe(
          'There is a card on which a discount can be given back after the sale. Absent: only coupons that are held may be credited later.',
        ),
    })
    .refine(({ media, held }) => media.length > 0 !== (held !== undefined), {
      path: ['media'],
      message: 'give media or held',
    }),
  reply: z.object({
    settlementId: Id,
    couponSearch: z.enum(['found', 'none']),
    discount: MinorAmount.describe('Taken off at the till.'),
    coupons: z.array(AppliedCoupon),
    refused: z
      .array(z.object({ couponId: Id, offerId: Id, reason: z.string() }))
      .describe('Coupons that touch the basket and did not apply, and why.'),
    missedAtMost: MinorAmount.optional().describe(
      'Other coupons save at most so much more: the deadline of the request ended the search. Absent: these are proven to be the best.',
    ),
  }),
});

import { z } from 'zod';
import { request } from '../contract.ts';
import { FundingShare, Id, MinorAmount, Name, Quantity } from '../values.ts';

/** What one coupon took off, by line, and who pays for it. */
export const CarriedDiscount = z.object({
  couponId: Id,
  lines: z.array(z.object({ lineId: Name, discount: MinorAmount })),
  funding: z.array(FundingShare),
});

/** One refund as the journal has it. */
export const Refund = z.object({
  refundId: Id,
  amount: MinorAmount.describe(
    'What the shopper gets back: cardAmount on the card, otherCards on theirs, the rest by hand. In a sale of which the card paid a part, the refund of a cancel is of that part alone.',
  ),
  cardAmount: MinorAmount,
  otherCards: z
    .array(z.object({ attemptId: Id, cardAmount: MinorAmount }))
    .optional()
    .describe(
      'What goes back on the cards of attempts that continued this one; how far that is, their status tells.',
    ),
  lines: z
    .array(z.object({ lineId: Name, quantity: Quantity, amount: MinorAmount, discount: MinorAmount }))
    .describe(
      'What came back: price before coupons, and the discount it carried. Empty for a sale without lines.',
    ),
  couponIds: z.array(Id).describe('Coupons given back with it, by policy.'),
  lateDiscounts: z
    .array(CarriedDiscount)
    .optional()
    .describe(
      'It gives the discount of coupons that were found too late for the sale (F5), or that are credited after it (seed 003, claim 82).',
    ),
  state: z
    .enum(['due', 'done', 'not-needed', 'listed'])
    .describe(
      'Asked of the card network until it is done; not-needed when nothing was captured; listed for a person.',
    ),
});

/**
 * What comes back is paid back at exactly the discounted price it was sold at, and only once. A sale that several cards
 * paid is given back by its first attempt, to all of them; of one that continues another it is a `conflict`.
 */
export const RefundSaleV1 = request({
  service: 'settlement-relay',
  verb: 'refund',
  version: 1,
  callers: ['relay', 'gateway'],
  summary: 'Give back lines of a confirmed sale, or all that is left of it.',
  request: z.object({
    attemptId: Id,
    refundId: Id.describe('Chosen by the caller; the idempotency key.'),
    lines: z
      .array(
        z.object({
          lineId: Name,
          quantity: Quantity.optional().describe('Absent: all of the line that was not given back yet.'),
        }),
      )
      .min(1)
      .max(1_000)
      .optional()
      .describe('Absent: everything that was not given back yet.'),
  }),
  reply: Refund.extend({ attemptId: Id }),
});

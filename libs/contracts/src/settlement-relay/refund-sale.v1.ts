import { z } from 'zod';
import { request } from '../contract.ts';
import { Id, MinorAmount, Name } from '../values.ts';

/** One refund as the journal has it. */
export const Refund = z.object({
  refundId: Id,
  amount: MinorAmount.describe('What the shopper gets back: cardAmount on the card, the rest by hand.'),
  cardAmount: MinorAmount,
  lineIds: z.array(Name).describe('Empty for a sale without lines.'),
  couponIds: z.array(Id).describe('Coupons given back with it, by policy.'),
  state: z
    .enum(['due', 'done', 'not-needed', 'listed'])
    .describe(
      'Asked of the card network until it is done; not-needed when nothing was captured; listed for a person.',
    ),
});

/** Lines go back at exactly the discounted price they were sold at; a line goes back once (B3 14 and 15). */
export const RefundSaleV1 = request({
  service: 'settlement-relay',
  verb: 'refund',
  version: 1,
  callers: ['relay', 'gateway'],
  summary: 'Give back lines of a confirmed sale, or all that is left of it.',
  request: z.object({
    attemptId: Id,
    refundId: Id.describe('Chosen by the caller; the idempotency key.'),
    lineIds: z
      .array(Name)
      .min(1)
      .max(1_000)
      .optional()
      .describe('Absent: everything that was not given back yet.'),
  }),
  reply: Refund.extend({ attemptId: Id }),
});

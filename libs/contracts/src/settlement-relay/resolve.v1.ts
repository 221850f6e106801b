import { z } from 'zod';
import { request } from '../contract.ts';
import { Id } from '../values.ts';

/** The registry's own verb: decides an undecided attempt as abandoned, and answers for ever the same. */
export const ResolveV1 = request({
  service: 'settlement-relay',
  verb: 'resolve',
  version: 1,
  callers: ['medium-registry'],
  summary: 'Tell the end of a settlement, deciding it if need be.',
  request: z.object({ settlementId: Id }),
  reply: z.object({
    settlementId: Id,
    decision: z.enum(['granted', 'abandoned', 'cancelled']),
    couponIds: z.array(Id).describe('Coupons it was granted with.'),
    keptCouponIds: z
      .array(Id)
      .optional()
      .describe('With cancelled: those that are used up all the same, by policy.'),
  }),
});

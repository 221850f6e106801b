import { z } from 'zod';
import { request } from '../contract.ts';
import { Id, Timestamp } from '../values.ts';

/** Where a holder acquired a coupon (seed 000, claim 3). */
export const AcquisitionChannel = z.enum(['web', 'mobile', 'broadcast']);

export const AcquireCouponsV1 = request({
  service: 'medium-registry',
  verb: 'acquire-coupons',
  version: 1,
  callers: ['operator', 'gateway'],
  summary:
    "Register that a holder acquired coupons of live offers; from now on any of the holder's media finds them.",
  request: z.object({
    acquisitionId: Id.describe('Chosen by the caller; the idempotency key.'),
    holderId: Id,
    channel: AcquisitionChannel,
    acquiredAt: Timestamp,
    offerIds: z
      .array(Id)
      .min(1)
      .max(2_000)
      .describe('One coupon of each; the same offer twice gives two coupons.'),
  }),
  reply: z.object({
    acquisitionId: Id,
    coupons: z.array(z.object({ couponId: Id, offerId: Id })).describe('In the order of offerIds.'),
  }),
});

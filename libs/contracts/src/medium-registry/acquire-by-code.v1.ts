import { z } from 'zod';
import { request } from '../contract.ts';
import { TypedCode } from '../issuance/codes.ts';
import { Id, Timestamp } from '../values.ts';
import { AcquisitionChannel } from './acquire-coupons.v1.ts';

export const AcquireByCodeV1 = request({
  service: 'medium-registry',
  verb: 'acquire-by-code',
  version: 1,
  callers: ['operator', 'gateway'],
  summary:
    'Register that a holder acquired the coupon of a unique code. A code gives one coupon; a repeat gets the same one, and a lost answer loses nothing.',
  request: z.object({
    acquisitionId: Id.describe('Chosen by the caller; the idempotency key.'),
    holderId: Id,
    channel: AcquisitionChannel,
    acquiredAt: Timestamp,
    code: TypedCode,
  }),
  reply: z.object({ acquisitionId: Id, couponId: Id, offerId: Id }),
});

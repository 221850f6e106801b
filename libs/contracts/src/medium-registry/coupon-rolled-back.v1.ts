import { z } from 'zod';
import { event } from '../contract.ts';
import { Id, Timestamp } from '../values.ts';

export const CouponRolledBackV1 = event({
  service: 'medium-registry',
  fact: 'coupon-rolled-back',
  version: 1,
  consumers: ['analytics'],
  summary: 'A use was given back because its settlement was cancelled after coupon-consumed.',
  payload: z.object({ settlementId: Id, couponId: Id, offerId: Id, holderId: Id, rolledBackAt: Timestamp }),
});
export type CouponRolledBackV1 = z.output<typeof CouponRolledBackV1.payload>;

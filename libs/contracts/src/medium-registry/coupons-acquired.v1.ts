import { z } from 'zod';
import { event } from '../contract.ts';
import { Id, Timestamp } from '../values.ts';
import { AcquisitionChannel } from './acquire-coupons.v1.ts';

export const CouponsAcquiredV1 = event({
  service: 'medium-registry',
  fact: 'coupons-acquired',
  version: 1,
  consumers: ['analytics'],
  summary: 'A holder acquired coupons.',
  payload: z.object({
    acquisitionId: Id,
    holderId: Id,
    channel: AcquisitionChannel,
    acquiredAt: Timestamp,
    coupons: z.array(z.object({ couponId: Id, offerId: Id })).min(1),
  }),
});
export type CouponsAcquiredV1 = z.output<typeof CouponsAcquiredV1.payload>;

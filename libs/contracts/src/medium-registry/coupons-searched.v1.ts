import { z } from 'zod';
import { event } from '../contract.ts';
import { Id, Name, Purpose, Timestamp } from '../values.ts';

export const CouponsSearchedV1 = event({
  service: 'medium-registry',
  fact: 'coupons-searched',
  version: 1,
  consumers: ['analytics'],
  summary: 'Coupons were searched for, with or without a find (seed 000, claim 2).',
  payload: z.object({
    searchId: Id.describe('The settlementId when a settlement searched.'),
    settlementId: Id.optional(),
    holderIds: z.array(Id).describe('Empty when no medium was known.'),
    storeId: Name.optional(),
    purpose: Purpose,
    presentedAt: Timestamp,
    result: z.enum(['found', 'none']),
    offerIds: z.array(Id).describe('Offers of the coupons found.'),
  }),
});
export type CouponsSearchedV1 = z.output<typeof CouponsSearchedV1.payload>;

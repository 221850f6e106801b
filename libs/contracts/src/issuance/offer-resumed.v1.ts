import { z } from 'zod';
import { event } from '../contract.ts';
import { Id, Timestamp } from '../values.ts';
import { OfferVersion } from './offer-state.ts';

/** Events of one offer may come in any order: the one with the highest version tells how it stands. */
export const OfferResumedV1 = event({
  service: 'issuance',
  fact: 'offer-resumed',
  version: 1,
  consumers: ['medium-registry'],
  summary: 'A paused offer goes on as it was approved.',
  payload: z.object({ offerId: Id, version: OfferVersion, resumedAt: Timestamp }),
});
export type OfferResumedV1 = z.output<typeof OfferResumedV1.payload>;

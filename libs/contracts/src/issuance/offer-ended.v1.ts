import { z } from 'zod';
import { event } from '../contract.ts';
import { Id, Timestamp } from '../values.ts';
import { OfferVersion } from './offer-state.ts';

/** Events of one offer may come in any order: the one with the highest version tells how it stands. */
export const OfferEndedV1 = event({
  service: 'issuance',
  fact: 'offer-ended',
  version: 1,
  consumers: ['medium-registry'],
  summary: 'An offer that had been approved was ended by hand, for good.',
  payload: z.object({ offerId: Id, version: OfferVersion, endedAt: Timestamp }),
});
export type OfferEndedV1 = z.output<typeof OfferEndedV1.payload>;

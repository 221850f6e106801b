import { z } from 'zod';
import { event } from '../contract.ts';
import { Id, Timestamp } from '../values.ts';
import { OfferVersion } from './offer-state.ts';

/** Events of one offer may come in any order: the one with the highest version tells how it stands. */
export const OfferPausedV1 = event({
  service: 'issuance',
  fact: 'offer-paused',
  version: 1,
  consumers: ['medium-registry'],
  summary: 'An approved offer is stopped for now; no till may find it.',
  payload: z.object({ offerId: Id, version: OfferVersion, pausedAt: Timestamp }),
});
export type OfferPausedV1 = z.output<typeof OfferPausedV1.payload>;

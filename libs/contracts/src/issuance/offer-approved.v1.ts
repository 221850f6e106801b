import { z } from 'zod';
import { event } from '../contract.ts';
import { OfferConditions } from '../offer-conditions.ts';
import { OfferTerms } from '../offer-terms.ts';
import { Id, Timestamp } from '../values.ts';
import { OfferVersion } from './offer-state.ts';

/** An offer was approved by a second person; it carries everything a till needs, so nobody asks issuance back. */
export const OfferApprovedV1 = event({
  service: 'issuance',
  fact: 'offer-approved',
  version: 1,
  consumers: ['medium-registry', 'analytics'],
  summary: 'An offer was approved: it may be acquired, and used while its window is open.',
  payload: z.object({
    offerId: Id,
    version: OfferVersion,
    campaignId: Id,
    title: z.string(),
    terms: OfferTerms,
    conditions: OfferConditions,
    approvedAt: Timestamp,
  }),
});
export type OfferApprovedV1 = z.output<typeof OfferApprovedV1.payload>;

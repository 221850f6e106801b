import { z } from 'zod';
import { OfferConditions } from '../offer-conditions.ts';
import { OfferTerms } from '../offer-terms.ts';
import { Id } from '../values.ts';

/** An offer as people write it. */
export const OfferBody = z.object({
  offerId: Id,
  campaignId: Id,
  title: z.string().min(1).max(128),
  terms: OfferTerms,
  conditions: OfferConditions,
});

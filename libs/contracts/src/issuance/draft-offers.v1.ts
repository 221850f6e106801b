import { z } from 'zod';
import { request } from '../contract.ts';
import { OfferConditions } from '../offer-conditions.ts';
import { OfferTerms } from '../offer-terms.ts';
import { Id, Name } from '../values.ts';

export const DraftOffersV1 = request({
  service: 'issuance',
  verb: 'draft-offers',
  version: 1,
  callers: ['operator', 'gateway'],
  summary:
    'Write offers as drafts. A repeat with the same ids and bodies changes nothing; another body is a conflict.',
  request: z.object({
    draftedBy: Name,
    offers: z
      .array(
        z.object({
          offerId: Id,
          campaignId: Id,
          title: z.string().min(1).max(128),
          terms: OfferTerms,
          conditions: OfferConditions,
        }),
      )
      .min(1)
      .max(500),
  }),
  reply: z.object({ drafted: z.int() }),
});

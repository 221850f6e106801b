import { z } from 'zod';
import { request } from '../contract.ts';
import { Name } from '../values.ts';
import { OfferBody } from './offer-body.ts';

export const DraftOffersV1 = request({
  service: 'issuance',
  verb: 'draft-offers',
  version: 1,
  callers: ['operator', 'gateway'],
  summary:
    'Write offers as drafts. A repeat with the same ids and bodies changes nothing; another body is a conflict.',
  request: z.object({ draftedBy: Name, offers: z.array(OfferBody).min(1).max(500) }),
  reply: z.object({ drafted: z.int() }),
});

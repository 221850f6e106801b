import { z } from 'zod';
import { request } from '../contract.ts';
import { Name } from '../values.ts';
import { OfferBody } from './offer-body.ts';
import { OfferVersion } from './offer-state.ts';

export const ReviseOffersV1 = request({
  service: 'issuance',
  verb: 'revise-offers',
  version: 1,
  callers: ['operator', 'gateway'],
  summary:
    'Rewrite drafts. A repeat with the same bodies changes nothing; a draft that has changed since is a conflict.',
  request: z.object({
    revisedBy: Name,
    offers: z
      .array(OfferBody.extend({ version: OfferVersion.describe('Of the draft as the person saw it.') }))
      .min(1)
      .max(500),
  }),
  reply: z.object({ revised: z.int() }),
});

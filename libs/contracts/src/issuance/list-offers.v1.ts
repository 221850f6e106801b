import { z } from 'zod';
import { request } from '../contract.ts';
import { Id, Name } from '../values.ts';
import { OfferPhase, OfferState, OfferVersion } from './offer-state.ts';

export const OfferStanding = z.object({
  offerId: Id,
  campaignId: Id,
  title: z.string(),
  state: OfferState,
  phase: OfferPhase.describe('Of the state and the window, now.'),
  version: OfferVersion,
  validFrom: z.string().describe('As in its conditions.'),
  validTo: z.string(),
  draftedBy: Name,
  submittedBy: Name.optional(),
  approvedBy: Name.optional(),
});

export const ListOffersV1 = request({
  service: 'issuance',
  verb: 'list-offers',
  version: 1,
  callers: ['operator', 'gateway'],
  summary: 'Where offers stand, without their terms and conditions; newest draft first.',
  request: z.object({
    campaignId: Id.optional(),
    state: OfferState.optional(),
    before: Id.optional().describe('Go on after this offer, the last of the page before.'),
    limit: z.int().min(1).max(200).default(50),
  }),
  reply: z.object({
    offers: z.array(OfferStanding),
    more: z.boolean().describe('Ask again with `before`.'),
  }),
});

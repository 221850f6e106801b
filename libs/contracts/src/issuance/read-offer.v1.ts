import { z } from 'zod';
import { request } from '../contract.ts';
import { OfferConditions } from '../offer-conditions.ts';
import { OfferTerms } from '../offer-terms.ts';
import { Id } from '../values.ts';
import { OfferStanding } from './list-offers.v1.ts';

export const ReadOfferV1 = request({
  service: 'issuance',
  verb: 'read-offer',
  version: 1,
  callers: ['operator', 'gateway'],
  summary: 'One offer whole, and where it stands.',
  request: z.object({ offerId: Id }),
  reply: OfferStanding.extend({ terms: OfferTerms, conditions: OfferConditions }),
});

import { z } from 'zod';
import { request } from '../contract.ts';
import { OfferConditions } from '../offer-conditions.ts';
import { OfferTerms } from '../offer-terms.ts';
import { Id } from '../values.ts';

export const DescribeOfferV1 = request({
  service: 'medium-registry',
  verb: 'describe-offer',
  version: 1,
  callers: ['barcode'],
  summary: 'Tell the terms of an offer that the registry knows.',
  request: z.object({ offerId: Id }),
  reply: z.object({ offerId: Id, title: z.string(), terms: OfferTerms, conditions: OfferConditions }),
});

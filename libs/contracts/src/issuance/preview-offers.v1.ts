import { z } from 'zod';
import { request } from '../contract.ts';
import { OfferConditions } from '../offer-conditions.ts';
import { OfferTerms } from '../offer-terms.ts';
import { TimeZone } from './time-zone.ts';
import {
  BasketLine,
  Currency,
  FundingShare,
  Id,
  MediumKind,
  MinorAmount,
  Name,
  Purpose,
  Timestamp,
} from '../values.ts';

const PastBasket = z.object({
  basketId: Name,
  at: Timestamp,
  storeId: Name,
  timeZone: TimeZone.optional().describe('Of the store; absent: as registered.'),
  purpose: Purpose.default('purchase'),
  holder: z
    .object({ holderId: Name, attributes: z.record(z.string(), z.string().max(64)) })
    .optional()
    .describe('Absent: somebody that no segment and no limit per holder knows.'),
  mediumKinds: z.array(MediumKind).optional().describe('Absent: any that an offer may ask for.'),
  currency: Currency,
  lines: z.array(BasketLine).max(1_000),
});

export const OfferPreview = z.object({
  offerId: Id,
  basketsTouched: z.int().describe('Baskets that hold a product of the offer and meet its conditions.'),
  uses: z.int(),
  currency: Currency,
  discount: MinorAmount,
  byParty: z.array(FundingShare),
  budgetRanOutAt: Timestamp.optional().describe('When the first use was left out because of the budget.'),
  usesRanOutAt: Timestamp.optional().describe(
    'When the first use was left out because of the limit of uses.',
  ),
});

export const PreviewOffersV1 = request({
  service: 'issuance',
  verb: 'preview-offers',
  version: 1,
  callers: ['operator', 'gateway'],
  summary:
    'What offers would have done to past baskets, if every holder had held one coupon of each at every basket. Writes nothing.',
  request: z.object({
    offers: z
      .array(z.object({ offerId: Id, terms: OfferTerms, conditions: OfferConditions }))
      .min(1)
      .max(50),
    heedDates: z
      .boolean()
      .default(false)
      .describe('false: as if every window had been open, for baskets are of the past and windows to come.'),
    baskets: z.array(PastBasket).min(1).max(1_000).describe('In any order; they are gone through by time.'),
  }),
  reply: z.object({ offers: z.array(OfferPreview).describe('In the order of the request.') }),
});

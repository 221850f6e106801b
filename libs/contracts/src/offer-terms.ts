import { z } from 'zod';
import { BasisPoints, Currency, MinorAmount, Name } from './values.ts';

/** What a coupon of this offer promises, in the words of `libs/promotion`. */
export const OfferTerms = z
  .object({
    currency: Currency,
    requires: z
      .array(
        z.object({
          productIds: z.array(Name).min(1).max(20_000),
          quantity: z
            .int()
            .min(1)
            .max(1_000)
            .describe('Pieces of these products that must be in the basket.'),
        }),
      )
      .min(1)
      .max(8)
      .describe('All of these sets must be in the basket, each with its quantity.'),
    reward: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('amount-off'), amount: MinorAmount }),
      z.object({ kind: z.literal('percent-off'), rateBps: BasisPoints, amountMax: MinorAmount.optional() }),
      z.object({
        kind: z.literal('free-item'),
        quantity: z.int().min(1).max(1_000).describe('The cheapest pieces of those required are free.'),
      }),
    ]),
    funding: z
      .array(z.object({ party: Name, shareBps: BasisPoints }))
      .min(1)
      .max(16)
      .describe('Who pays the discount; the shares sum to 10000.'),
    storeMatch: z
      .object({ party: Name, upToTotal: MinorAmount })
      .optional()
      .describe('The store doubles the coupon up to a total: match = min(face, upToTotal - face).'),
  })
  .superRefine((terms, context) => {
    const shares = terms.funding.reduce((sum, { shareBps }) => sum + shareBps, 0);
    if (shares !== 10_000) {
      context.addIssue({
        code: 'custom',
        path: ['funding'],
        message: `shares sum to ${shares}, not to 10000`,
      });
    }
  });
export type OfferTerms = z.output<typeof OfferTerms>;

import { z } from 'zod';
import { MediumKind, MinorAmount, Name, Purpose, Timestamp } from './values.ts';

/** Where, when and how often an offer may be used. */
export const OfferConditions = z
  .object({
    purposes: z.array(Purpose).min(1).max(8),
    validFrom: Timestamp,
    validTo: Timestamp.describe('The last instant is the one before it.'),
    stores: z.array(Name).max(10_000).optional().describe('Absent: every store.'),
    mediumKinds: z.array(MediumKind).min(1).optional().describe('Absent: any medium.'),
    limits: z
      .object({
        uses: z.int().min(1).optional().describe('Uses of the offer in total.'),
        usesPerHolder: z.int().min(1).optional(),
        budget: MinorAmount.optional().describe('Total discount the offer may give.'),
      })
      .optional(),
  })
  .superRefine((conditions, context) => {
    if (conditions.validTo <= conditions.validFrom) {
      context.addIssue({ code: 'custom', path: ['validTo'], message: 'must be after validFrom' });
    }
  });
export type OfferConditions = z.output<typeof OfferConditions>;

import { z } from 'zod';
import { Id } from '../values.ts';

/** Where an offer stands in its life, as it is stored. */
export const OFFER_STATES = ['draft', 'submitted', 'approved', 'paused', 'ended'] as const;
export const OfferState = z.enum(OFFER_STATES);
export type OfferState = z.output<typeof OfferState>;

/**
 * What people see: an approved offer is `live` from the moment its window opens at one of its stores, and `ended` once it
 * has closed at all of them. Nothing happens at these moments, so nothing can be late: a till looks at the window itself.
 */
export const OfferPhase = z.enum([...OFFER_STATES, 'live']);

/** Counts every change of an offer from 1 on; events of one offer are in the order of their versions. */
export const OfferVersion = z.int().min(1);

/** The offers that one act is about: for all of them, or for none. */
export const OffersActedOn = {
  offerIds: z.array(Id).min(1).max(1_000),
  versions: z
    .array(OfferVersion)
    .max(1_000)
    .optional()
    .describe(
      'Of offerIds, in their order, as the person saw them: an offer that has changed since is refused.',
    ),
};
export const Reason = z.string().min(1).max(500).describe('For the audit trail.');

import type { OfferConditions, OfferTerms } from '@couplet/contracts';
import { type Conditions, prepareConditions } from '@couplet/offers';

/** An approved offer, ready to be checked against a presentation. Its terms are one object for as long as it is kept. */
export interface Offer {
  offerId: string;
  title: string;
  terms: OfferTerms;
  conditions: Conditions;
  limits: Limits;
  /** Credited later in place of taken off at the till (seed 003, claim 82). */
  isCredit: boolean;
}

/** Absent: not limited in this way. */
export interface Limits {
  uses?: number | undefined;
  usesPerHolder?: number | undefined;
  /** Total discount, minor units. */
  budget?: bigint | undefined;
}

export function offerOf(stored: {
  offerId: string;
  title: string;
  terms: OfferTerms;
  conditions: OfferConditions;
}): Offer {
  const { offerId, title, terms, conditions } = stored;
  return {
    offerId,
    title,
    terms,
    conditions: prepareConditions(conditions),
    limits: conditions.limits ?? {},
    isCredit: conditions.settledBy === 'statement-credit',
  };
}

/** Stands for every product: what an offer is found by that requires none. */
export const ANY_PRODUCT = '*';

/** Products that a coupon of this offer is found by, each once. */
export function productsOf({ requires }: OfferTerms): string[] {
  if (requires.length === 0) return [ANY_PRODUCT];
  return [...new Set(requires.flatMap(({ productIds }) => productIds))];
}

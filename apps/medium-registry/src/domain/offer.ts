import type { OfferConditions, OfferTerms } from '@couplet/contracts';
import { type Conditions, prepareConditions } from '@couplet/offers';

/** An approved offer, ready to be checked against a presentation. Its terms are one object for as long as it is kept. */
export interface Offer {
  offerId: string;
  title: string;
  terms: OfferTerms;
  conditions: Conditions;
  limits: Limits;
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
  };
}

/** Products that a coupon of this offer may touch, each once. */
export function productsOf({ requires }: OfferTerms): string[] {
  return [...new Set(requires.flatMap(({ productIds }) => productIds))];
}

/** Most that one use can take off, where the terms say so by themselves; minor units, the store's match included. */
export function amountMaxOf({ reward, storeMatch }: OfferTerms): bigint | undefined {
  if (reward.kind === 'free-item') return undefined;
  const face = reward.kind === 'amount-off' ? reward.amount : reward.amountMax;
  if (face === undefined || !storeMatch) return face;
  return face < storeMatch.upToTotal ? minOf(face * 2n, storeMatch.upToTotal) : face;
}

function minOf(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

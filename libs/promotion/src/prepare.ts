import type { OfferTerms } from './types.ts';
import { checkTerms } from './validate.ts';

/** Terms that are known to be valid, with the products of each required set as a set. */
export interface PreparedOffer {
  terms: OfferTerms;
  requires: readonly { products: ReadonlySet<string>; quantity: number }[];
  /** All sets together. */
  pieces: number;
}

const prepared = new WeakMap<OfferTerms, PreparedOffer>();

/**
 * Checks an offer and indexes its products, once per terms object and for as long as that lives.
 *
 * `evaluate` does it by itself. Whoever keeps offers in memory keeps the same object, and may call this
 * when an offer arrives, so that no till waits for it.
 *
 * @throws RangeError that says what is wrong with the terms
 */
export function prepareOffer(terms: OfferTerms): PreparedOffer {
  let offer = prepared.get(terms);
  if (!offer) {
    checkTerms(terms);
    offer = {
      terms,
      requires: terms.requires.map(({ productIds, quantity }) => ({
        products: new Set(productIds),
        quantity,
      })),
      pieces: terms.requires.reduce((pieces, { quantity }) => pieces + quantity, 0),
    };
    prepared.set(terms, offer);
  }
  return offer;
}

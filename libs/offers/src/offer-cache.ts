import { LRUCache } from 'lru-cache';

/** All offers that are kept are for so many products at most; one takes some 50 bytes, so that is about 50 MiB. */
const PRODUCTS_MAX = 1_000_000;
/** What an offer takes beside its products, counted in products. */
const OFFER_ITSELF = 50;

/**
 * Approved offers never change, so what was read once is kept, by offerId. An offer may be for twenty thousand products or for
 * one, so what is bounded is not how many are kept but what they take; the least recently used are given up first.
 *
 * @param productsOf how many products an offer is for
 */
export const offerCache = <Offer extends object>(
  productsOf: (offer: Offer) => number,
  productsMax = PRODUCTS_MAX,
): LRUCache<string, Offer> =>
  new LRUCache({ maxSize: productsMax, sizeCalculation: (offer) => OFFER_ITSELF + productsOf(offer) });

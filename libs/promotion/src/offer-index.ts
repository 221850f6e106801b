import { prepareOffer } from './prepare.ts';
import type { Basket, OfferTerms } from './types.ts';

/**
 * Offers by product, for whoever keeps many in memory: finds those that a basket touches at the cost of
 * those alone, however many others a holder has and however many products each names.
 *
 * `evaluate` needs none: it looks at each coupon given, which costs some microseconds per coupon.
 */
export class OfferIndex {
  private readonly offersByProduct = new Map<string, Set<string>>();
  private readonly productsByOffer = new Map<string, ReadonlySet<string>>();

  /** Adds an offer, or replaces it. @throws RangeError on invalid terms, as `prepareOffer` */
  put(offerId: string, terms: OfferTerms): void {
    // An offer applies only if all its sets are touched: the smallest one finds it with the fewest entries.
    const products = prepareOffer(terms)
      .requires.map((required) => required.products)
      .reduce((smallest, other) => (other.size < smallest.size ? other : smallest));
    this.remove(offerId);
    this.productsByOffer.set(offerId, products);
    for (const productId of products) {
      const offers = this.offersByProduct.get(productId);
      if (offers) offers.add(offerId);
      else this.offersByProduct.set(productId, new Set([offerId]));
    }
  }

  remove(offerId: string): void {
    for (const productId of this.productsByOffer.get(offerId) ?? []) {
      const offers = this.offersByProduct.get(productId)!;
      offers.delete(offerId);
      if (offers.size === 0) this.offersByProduct.delete(productId);
    }
    this.productsByOffer.delete(offerId);
  }

  /** Every offer that could apply to the basket, and some that need more than it holds. */
  touching(basket: Basket): Set<string> {
    const productIds = new Set(basket.lines.map(({ productId }) => productId));
    return new Set([...productIds].flatMap((productId) => [...(this.offersByProduct.get(productId) ?? [])]));
  }
}

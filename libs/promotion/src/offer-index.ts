import { prepareOffer } from './prepare.ts';
import type { Basket } from './basket.ts';
import type { OfferTerms } from './terms.ts';

/**
 * Offers by product, for whoever keeps many in memory: finds those that a basket touches at the cost of
 * those alone, however many others a holder has and however many products each names.
 *
 * `evaluate` needs none: it looks at each coupon given, which costs some microseconds per coupon.
 */
export class OfferIndex {
  private readonly offersByProduct = new Map<string, Set<string>>();
  /** Offers that require nothing could apply to any basket. */
  private readonly always = new Set<string>();
  private readonly productsByOffer = new Map<string, ReadonlySet<string>>();

  /** Adds an offer, or replaces it. @throws RangeError on invalid terms, as `prepareOffer` */
  put(offerId: string, terms: OfferTerms): void {
    const { requires } = prepareOffer(terms);
    this.remove(offerId);
    if (requires.length === 0) {
      this.always.add(offerId);
      return;
    }
    // An offer applies only if all its sets are touched: the smallest one finds it with the fewest entries.
    const products = requires
      .map((required) => required.products)
      .reduce((smallest, other) => (other.size < smallest.size ? other : smallest));
    this.productsByOffer.set(offerId, products);
    for (const productId of products) {
      const offers = this.offersByProduct.get(productId);
      if (offers) offers.add(offerId);
      else this.offersByProduct.set(productId, new Set([offerId]));
    }
  }

  remove(offerId: string): void {
    this.always.delete(offerId);
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
    const touched = [...productIds].flatMap((productId) => [...(this.offersByProduct.get(productId) ?? [])]);
    return new Set([...touched, ...this.always]);
  }
}

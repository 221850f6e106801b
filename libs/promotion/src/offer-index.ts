import type { Basket } from './basket.ts';
import type { OfferTerms } from './terms.ts';
import { checkTerms } from './validate.ts';

interface Entry<Kept> {
  kept: Kept;
  /** By these the entry is found; absent: its offer requires nothing and could apply to any basket. */
  productIds: readonly string[] | undefined;
  /** How many were put before it. */
  position: number;
}

/**
 * Offers, or coupons of them, by product, for whoever keeps many in memory: hands out those that a basket touches at
 * the cost of those alone, however many others a holder has and however many products each names.
 *
 * `evaluate` needs none: it looks at each coupon given, which costs some microseconds per coupon.
 */
export class OfferIndex<Kept> {
  private readonly entries = new Map<string, Entry<Kept>>();
  /** In lists, which take half the memory of sets; removing an offer is rare. */
  private readonly byProduct = new Map<string, Entry<Kept>[]>();
  private readonly always = new Set<Entry<Kept>>();
  private puts = 0;

  /**
   * Keeps something by the products of its offer, in place of what was kept under the id.
   *
   * The offer is checked and not yet prepared: most of what is held no basket ever touches, and the collector would pass
   * over its products again and again. Whoever lets no till wait for the first touch calls `prepareOffer` too.
   *
   * @param kept what `touching` hands out, so that nobody goes through all he holds to find it
   * @throws RangeError that says what is wrong with the terms
   */
  put(id: string, terms: OfferTerms, kept: Kept): void {
    checkTerms(terms);
    const productIds = productsToFindBy(terms);
    this.remove(id);
    const entry = { kept, productIds, position: this.puts++ };
    this.entries.set(id, entry);
    if (!productIds) this.always.add(entry);
    for (const productId of productIds ?? []) {
      const entries = this.byProduct.get(productId);
      if (entries) entries.push(entry);
      else this.byProduct.set(productId, [entry]);
    }
  }

  remove(id: string): void {
    const entry = this.entries.get(id);
    if (!entry) return;
    this.entries.delete(id);
    this.always.delete(entry);
    for (const productId of entry.productIds ?? []) {
      const others = this.byProduct.get(productId)?.filter((other) => other !== entry) ?? [];
      if (others.length > 0) this.byProduct.set(productId, others);
      else this.byProduct.delete(productId);
    }
  }

  /** Whatever could apply to the basket, and some that needs more than it holds; in the order in which it was put. */
  touching(basket: Basket): Kept[] {
    const touched = new Set(this.always);
    for (const { productId } of basket.lines) {
      for (const entry of this.byProduct.get(productId) ?? []) touched.add(entry);
    }
    return [...touched].sort((a, b) => a.position - b.position).map(({ kept }) => kept);
  }
}

/** An offer applies only if all its sets are touched: the smallest one finds it with the fewest entries. */
function productsToFindBy({ requires }: OfferTerms): readonly string[] | undefined {
  const [first, ...others] = requires.map(({ productIds }) => productIds);
  return (
    first && others.reduce((smallest, other) => (other.length < smallest.length ? other : smallest), first)
  );
}

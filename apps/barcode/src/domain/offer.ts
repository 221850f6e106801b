import type { OfferTerms } from '@couplet/contracts';

/** What barcode needs to know of an offer behind a code. */
export interface Offer {
  offerId: string;
  currency: string;
  /** Products it is for; `any` when it requires none. */
  products: ReadonlySet<string> | 'any';
  /** Off one piece, minor units, where the terms say it by themselves (seed 003, claim 74). */
  unitDiscount?: bigint | undefined;
}

export function offerOf(described: { offerId: string; terms: OfferTerms }): Offer {
  const { offerId, terms } = described;
  return {
    offerId,
    currency: terms.currency,
    products:
      terms.requires.length === 0 ? 'any' : new Set(terms.requires.flatMap(({ productIds }) => productIds)),
    unitDiscount: unitDiscountOf(terms),
  };
}

export function covers({ products }: Offer, productId: string): boolean {
  return products === 'any' || products.has(productId);
}

/** A fixed amount off pieces of one set, whatever they cost; everything else depends on prices. */
function unitDiscountOf({ requires, conditions, reward, storeMatch }: OfferTerms): bigint | undefined {
  const [set] = requires;
  if (requires.length !== 1 || !set || set.measure || set.spendMin !== undefined) return undefined;
  if (conditions?.length || storeMatch || reward.kind !== 'amount-off' || reward.on) return undefined;
  const pieces = BigInt(set.quantity);
  return reward.amount % pieces === 0n ? reward.amount / pieces : undefined;
}

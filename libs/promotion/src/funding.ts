import { allocate } from './allocate.ts';
import type { OfferTerms } from './terms.ts';

/** Who bears what of a discount: the parties of the offer by their shares, then the store its match. Sums exactly. */
export function fundingOf(
  { funding, storeMatch }: OfferTerms,
  face: bigint,
  match: bigint,
): { party: string; amount: bigint }[] {
  const shares = allocate(
    face,
    funding.map(({ shareBps }) => BigInt(shareBps)),
  );
  const entries = funding.map(({ party }, position) => ({ party, amount: shares[position]! }));
  if (storeMatch) entries.push({ party: storeMatch.party, amount: match });
  return entries.filter(({ amount }) => amount > 0n);
}

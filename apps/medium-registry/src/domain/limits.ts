import type { Candidate } from './candidate.ts';

/** What is left under the limits of the candidates' offers. Read before pricing, so a hint: the taking decides. */
export interface Allowances {
  /** By offer, over all its slots; an offer without a limit in total is not in it. */
  usesLeft: ReadonlyMap<string, bigint>;
  budgetLeft: ReadonlyMap<string, bigint>;
  /** Uses made or held, by {@link holderOffer}. */
  usesByHolder: ReadonlyMap<string, number>;
}

/**
 * Sorts out the coupons that their limits leave no room for, so that pricing neither counts on them nor, where a limit
 * leaves room for one of two coupons, loses both. Earlier candidates come first.
 */
export function withinLimits(
  candidates: readonly Candidate[],
  { usesLeft, budgetLeft, usesByHolder }: Allowances,
): { within: Candidate[]; beyond: Candidate[] } {
  const counted = new Map<string, number>();
  const within: Candidate[] = [];
  const beyond: Candidate[] = [];
  for (const candidate of candidates) {
    const { holderId, offer } = candidate;
    const byHolder = holderOffer(holderId, offer.offerId);
    const ofOffer = counted.get(offer.offerId) ?? 0;
    const ofHolder = counted.get(byHolder) ?? usesByHolder.get(byHolder) ?? 0;
    const room =
      BigInt(ofOffer) < (usesLeft.get(offer.offerId) ?? BigInt(ofOffer) + 1n) &&
      (budgetLeft.get(offer.offerId) ?? 1n) > 0n &&
      ofHolder < (offer.limits.usesPerHolder ?? ofHolder + 1);
    (room ? within : beyond).push(candidate);
    if (!room) continue;
    counted.set(offer.offerId, ofOffer + 1).set(byHolder, ofHolder + 1);
  }
  return { within, beyond };
}

/** Key of a holder's use of an offer. */
export function holderOffer(holderId: string, offerId: string): string {
  return `${holderId} ${offerId}`;
}

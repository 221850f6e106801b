import type { MediumKind } from '@couplet/contracts';
import type { Ineligibility, Presentation } from './eligibility.ts';
import { ineligibility } from './eligibility.ts';
import type { Offer } from './offer.ts';

/** An acquired coupon with uses left, of a holder whose medium is presented. */
export interface Candidate {
  couponId: string;
  holderId: string;
  offer: Offer;
}

/** The holders found by the media presented, each with the kinds of those of his media. */
export type PresentedBy = ReadonlyMap<string, ReadonlySet<MediumKind>>;

/** What one presentation tells of itself; the kinds of media differ by holder. */
export type Occasion = Omit<Presentation, 'mediumKinds'>;

/** Soonest to expire first, so that of equal coupons the one that would be lost is used. */
export function inOrderOfUse(candidates: readonly Candidate[]): Candidate[] {
  return candidates.toSorted(
    (a, b) => a.offer.validToMs - b.offer.validToMs || (a.couponId < b.couponId ? -1 : 1),
  );
}

/** Parts the candidates that may be used on this occasion from those that may not, which tell why. */
export function sortOut(
  candidates: readonly Candidate[],
  occasion: Occasion,
  presentedBy: PresentedBy,
): { eligible: Candidate[]; ineligible: { candidate: Candidate; reason: Ineligibility }[] } {
  const eligible: Candidate[] = [];
  const ineligible: { candidate: Candidate; reason: Ineligibility }[] = [];
  for (const candidate of candidates) {
    const mediumKinds = presentedBy.get(candidate.holderId) ?? new Set();
    const reason = ineligibility(candidate.offer, { ...occasion, mediumKinds });
    if (reason) ineligible.push({ candidate, reason });
    else eligible.push(candidate);
  }
  return { eligible, ineligible };
}

import { type Ineligibility, ineligibility, type Presentation } from '@couplet/offers';
import type { Offer } from './offer.ts';

/** An acquired coupon with uses left, of a holder whose medium is presented. */
export interface Candidate {
  couponId: string;
  holderId: string;
  offer: Offer;
}

/** A holder as far as one presentation shows: by the kinds of those of his media that are presented. */
type PresentedHolder = Pick<Presentation, 'mediumKinds' | 'attributes'>;

/** The holders found by the media presented. */
export type PresentedBy = ReadonlyMap<string, PresentedHolder>;

/** What one presentation tells of itself, whichever holder's coupon is looked at. */
export type Occasion = Omit<Presentation, keyof PresentedHolder>;

/** Soonest to expire first, so that of equal coupons the one that would be lost is used. */
export function inOrderOfUse(candidates: readonly Candidate[]): Candidate[] {
  return candidates.toSorted(
    (a, b) =>
      a.offer.conditions.window.closesMs - b.offer.conditions.window.closesMs ||
      (a.couponId < b.couponId ? -1 : 1),
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
    const holder = presentedBy.get(candidate.holderId) ?? UNKNOWN_HOLDER;
    const reason = ineligibility(candidate.offer.conditions, { ...occasion, ...holder });
    if (reason) ineligible.push({ candidate, reason });
    else eligible.push(candidate);
  }
  return { eligible, ineligible };
}

const UNKNOWN_HOLDER: PresentedHolder = { mediumKinds: new Set(), attributes: {} };

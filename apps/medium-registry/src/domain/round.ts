import type { Candidate } from './candidate.ts';
import { escrowsOf } from './escrow.ts';

/** How often a basket is priced again because something it counted on was taken meanwhile (DESIGN.md, section 3). */
const REPRICINGS_MAX = 3;

/** What a basket has learned from being priced in vain. */
export interface Round {
  /** How often it was. */
  readonly number: number;
  /** Offers whose limit refuses. */
  readonly droppedOffers: ReadonlySet<string>;
}

export const FIRST_ROUND: Round = { number: 0, droppedOffers: new Set() };

/** @param refused offers whose limit refused; none when another settlement was first with a coupon */
export function nextRound({ number, droppedOffers }: Round, refused: readonly string[] = []): Round {
  return { number: number + 1, droppedOffers: new Set([...droppedOffers, ...refused]) };
}

/**
 * The coupons that may still be counted on. The last repricing leaves limited offers alone, so that a crowd around one
 * limit costs nobody the other coupons; after it there are none.
 */
export function offeredIn({ number }: Round, candidates: readonly Candidate[]): readonly Candidate[] {
  if (number > REPRICINGS_MAX) return [];
  return number < REPRICINGS_MAX ? candidates : candidates.filter(isUnlimited);
}

function isUnlimited({ offer }: Candidate): boolean {
  return escrowsOf(offer.limits).length === 0;
}

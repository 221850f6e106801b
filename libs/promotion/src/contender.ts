import type { Coupon } from './evaluation.ts';
import type { PreparedOffer } from './prepare.ts';
import type { Match } from './qualify.ts';

/** A coupon that the basket qualifies for. */
export interface Contender {
  coupon: Coupon;
  offer: PreparedOffer;
  matches: readonly Match[];
}

/** Whether it takes pieces, so that it competes for them, or stands over lines. */
export function takesPieces({ offer }: Contender): boolean {
  return offer.onPieces.length > 0;
}

/** The group it shares no piece with; undefined: it stands alone. */
export function groupOf(contender: Contender): string | undefined {
  return contender.offer.terms.stacking?.group ?? (takesPieces(contender) ? '' : undefined);
}

export function priorityOf({ offer }: Contender): number {
  return offer.terms.stacking?.priority ?? 0;
}

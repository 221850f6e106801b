import type { OfferState } from '@couplet/contracts';

export type OfferPhase = OfferState | 'live';

/** What people see of an offer: only of an approved one the window matters. */
export function phaseOf(state: OfferState, window: 'before' | 'open' | 'over'): OfferPhase {
  if (state !== 'approved') return state;
  switch (window) {
    case 'before':
      return 'approved';
    case 'open':
      return 'live';
    case 'over':
      return 'ended';
  }
}

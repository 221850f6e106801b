export type OfferState = 'draft' | 'submitted' | 'live';
export type OfferAct = 'submit' | 'approve';

/** What an act does to an offer: the state it gets, `same` for a repeat, or why it cannot be done. */
export type Step =
  | { readonly kind: 'moves'; readonly to: OfferState }
  | { readonly kind: 'same' }
  | { readonly kind: 'refused'; readonly why: string };

const moves = (to: OfferState): Step => ({ kind: 'moves', to });
const SAME: Step = { kind: 'same' };

const TABLE: Record<OfferAct, Record<OfferState, Step>> = {
  submit: { draft: moves('submitted'), submitted: SAME, live: SAME },
  approve: {
    draft: { kind: 'refused', why: 'must be submitted first' },
    submitted: moves('live'),
    live: SAME,
  },
};

export function stepOf(act: OfferAct, state: OfferState): Step {
  return TABLE[act][state];
}

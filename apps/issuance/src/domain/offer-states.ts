import type { OfferState } from '@couplet/contracts';

export type OfferAct = 'revise' | 'submit' | 'return' | 'approve' | 'pause' | 'resume' | 'end';

/** What an act does to an offer: the state it gets, `same` for a repeat, or why it cannot be done. */
export type Step =
  | { readonly kind: 'moves'; readonly to: OfferState }
  | { readonly kind: 'same' }
  | { readonly kind: 'refused'; readonly why: string };

const to = (state: OfferState): Step => ({ kind: 'moves', to: state });
const no = (why: string): Step => ({ kind: 'refused', why });
const SAME: Step = { kind: 'same' };

const UNSUBMITTED = no('must be submitted first');
const UNAPPROVED = no('was not approved');
const SUBMITTED = no('is submitted: return it first');
const FIXED = no('was approved, and stays as it was approved: end it and draft another');
const PAUSED = no('is paused: resume or end it');
const ENDED = no('has ended');

/**
 * The life of an offer. Nothing else moves one: `live` and the end of a window are not states but what the clock of a
 * store says (`OfferWindow`). A repeat of an act, also one that comes late, changes nothing.
 */
// prettier-ignore
const TABLE: Record<OfferAct, Record<OfferState, Step>> = {
  // from:     draft                      submitted                 approved                paused                  ended
  revise:  { draft: to('draft'),     submitted: SUBMITTED,      approved: FIXED,        paused: FIXED,          ended: ENDED },
  submit:  { draft: to('submitted'), submitted: SAME,           approved: SAME,         paused: PAUSED,         ended: ENDED },
  return:  { draft: SAME,            submitted: to('draft'),    approved: FIXED,        paused: FIXED,          ended: ENDED },
  approve: { draft: UNSUBMITTED,     submitted: to('approved'), approved: SAME,         paused: PAUSED,         ended: ENDED },
  pause:   { draft: UNAPPROVED,      submitted: UNAPPROVED,     approved: to('paused'), paused: SAME,           ended: ENDED },
  resume:  { draft: UNAPPROVED,      submitted: UNAPPROVED,     approved: SAME,         paused: to('approved'), ended: ENDED },
  end:     { draft: to('ended'),     submitted: to('ended'),    approved: to('ended'),  paused: to('ended'),    ended: SAME },
};

export function stepOf(act: OfferAct, state: OfferState): Step {
  return TABLE[act][state];
}

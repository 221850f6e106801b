import { type OfferState, stepOf } from './offer-states.ts';

/** Who brought an offer this far. */
export interface OfferToApprove {
  readonly offerId: string;
  readonly state: OfferState;
  readonly draftedBy: string;
  readonly submittedBy: string | null;
}

export interface Approval {
  /** Offers that go live. */
  readonly goLive: string[];
  /** Why nothing is approved at all; by offer. */
  readonly refused: { readonly offerId: string; readonly why: string }[];
}

/** Approval is the act of a second person (seed 000, claim 1(a)): for all of these offers, or for none. */
export function approve(offers: readonly OfferToApprove[], approvedBy: string): Approval {
  const goLive: string[] = [];
  const refused: { offerId: string; why: string }[] = [];
  for (const { offerId, state, draftedBy, submittedBy } of offers) {
    const step = stepOf('approve', state);
    if (samePerson(approvedBy, draftedBy)) refused.push({ offerId, why: `was drafted by ${draftedBy}` });
    else if (submittedBy && samePerson(approvedBy, submittedBy)) {
      refused.push({ offerId, why: `was submitted by ${submittedBy}` });
    } else if (step.kind === 'refused') refused.push({ offerId, why: step.why });
    else if (step.kind === 'moves') goLive.push(offerId);
  }
  return { goLive, refused };
}

// Another spelling must not make a second person.
function samePerson(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

import type { MediumKind } from '@couplet/contracts';
import type { Offer } from './offer.ts';

/** Where, when, for what and by which media of the holder coupons are presented. */
export interface Presentation {
  presentedAtMs: number;
  purpose: string;
  /** Absent in a search that names no store: then no offer is left out because of its stores. */
  storeId?: string | undefined;
  /** Kinds of the media that this holder presents, not of all media presented. */
  mediumKinds: ReadonlySet<MediumKind>;
}

export type Ineligibility = 'not-valid-then' | 'purpose-differs' | 'store-differs' | 'medium-kind-differs';

/** @returns why an offer may not be used at this presentation, whatever is in the basket; undefined when it may */
export function ineligibility(offer: Offer, presentation: Presentation): Ineligibility | undefined {
  const { presentedAtMs, purpose, storeId, mediumKinds } = presentation;
  if (presentedAtMs < offer.validFromMs || presentedAtMs >= offer.validToMs) return 'not-valid-then';
  if (!offer.purposes.has(purpose)) return 'purpose-differs';
  if (storeId !== undefined && offer.stores && !offer.stores.has(storeId)) return 'store-differs';
  if (offer.mediumKinds && ![...mediumKinds].some((kind) => offer.mediumKinds!.has(kind))) {
    return 'medium-kind-differs';
  }
  return undefined;
}

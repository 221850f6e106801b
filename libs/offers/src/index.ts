export {
  type Conditions,
  type Ineligibility,
  ineligibility,
  ineligibilityOnAnyDate,
  prepareConditions,
  type Presentation,
} from './eligibility.ts';
export { offerCache } from './offer-cache.ts';
export type { OfferResult } from './offer-tally.ts';
export { OfferWindow } from './offer-window.ts';
export { type OfferToPreview, type PastBasket, Preview } from './preview.ts';

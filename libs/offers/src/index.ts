export {
  type Conditions,
  type Ineligibility,
  ineligibility,
  prepareConditions,
  type Presentation,
} from './eligibility.ts';
export { OfferWindow } from './offer-window.ts';
export { type OfferToPreview, type PastBasket, Preview } from './preview.ts';

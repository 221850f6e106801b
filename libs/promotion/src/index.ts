export { evaluate } from './evaluate.ts';
export { OfferIndex } from './offer-index.ts';
export { prepareOffer } from './prepare.ts';
export type { PreparedOffer } from './prepare.ts';
export { parseUpcCoupon } from './upc-coupon.ts';
export type { UpcCoupon, UpcNotEncoded } from './upc-coupon.ts';
export { UPC_VALUE_CODES } from './upc-value-codes.ts';
export type { UpcValue } from './upc-value-codes.ts';
export type * from './types.ts';

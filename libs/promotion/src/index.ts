export { evaluate } from './evaluate.ts';
export { OfferIndex } from './offer-index.ts';
export { prepareOffer } from './prepare.ts';
export type { PreparedOffer } from './prepare.ts';
export { parseUpcCoupon } from './upc-coupon.ts';
export type { UpcCoupon, UpcNotEncoded } from './upc-coupon.ts';
export { UPC_VALUE_CODES } from './upc-value-codes.ts';
export type { UpcValue } from './upc-value-codes.ts';
export type * from './types.ts';
export { DEFAULT_DIALECT } from './rules/dialect.ts';
export type { Dialect } from './rules/dialect.ts';
export { priceByRules } from './rules/price-by-rules.ts';
export type * from './rules/types.ts';
export { parseGs1Coupon8110, writeGs1Coupon8110 } from './gs1/coupon-8110.ts';
export type { Gs1Coupon8110, Gs1Purchase } from './gs1/coupon-8110.ts';
export { parseGs1Coupon8112, writeGs1Coupon8112 } from './gs1/coupon-8112.ts';
export type { Gs1Coupon8112 } from './gs1/coupon-8112.ts';
export { refund } from './refund.ts';
export type {
  CarriedCoupon,
  Refund,
  Refundable,
  RefundableLine,
  RefundRefusal,
  ReturnedLine,
} from './refund.ts';
export { split, splitWithin } from './split.ts';
export type { SplitMethod, SplitOptions } from './split.ts';
export { hasUsesLeft, isSameCode, registerUse } from './rules/limits.ts';

export type { Basket, BasketLine } from './basket.ts';
export { parseGs1Coupon8110, writeGs1Coupon8110 } from './codes/gs1/coupon-8110.ts';
export type { Gs1Coupon8110, Gs1Purchase } from './codes/gs1/coupon-8110.ts';
export { parseGs1Coupon8112, writeGs1Coupon8112 } from './codes/gs1/coupon-8112.ts';
export type { Gs1Coupon8112 } from './codes/gs1/coupon-8112.ts';
export { promiseInGs1 } from './codes/gs1/promise-8110.ts';
export { termsOfGs1 } from './codes/gs1/terms-8110.ts';
export type { Gs1Draft, Gs1NotExpressible } from './codes/gs1/terms-8110.ts';
export { parseUpcCoupon } from './codes/upc-coupon.ts';
export type { UpcCoupon, UpcNotEncoded } from './codes/upc-coupon.ts';
export { termsOfUpc, writeUpcCoupon } from './codes/upc-terms.ts';
export { UPC_VALUE_CODES } from './codes/upc-value-codes.ts';
export type { UpcValue } from './codes/upc-value-codes.ts';
export type { Condition } from './conditions.ts';
export { DEFAULT_DIALECT } from './dialect.ts';
export type { Dialect } from './dialect.ts';
export { discountMaxOf } from './discount-max.ts';
export { evaluate } from './evaluate.ts';
export type * from './evaluation.ts';
export { explainLines } from './explain-lines.ts';
export type { LineExplanation, LineReason } from './explain-lines.ts';
export type { IntegerProgram, ProgramAnswer, SolveProgram } from './integer-program.ts';
export { hasUsesLeft, isSameCode, registerUse } from './limits.ts';
export { OfferIndex } from './offer-index.ts';
export { prepareOffer } from './prepare.ts';
export type { PreparedOffer } from './prepare.ts';
export { roundSum } from './ratio.ts';
export type { Ratio } from './ratio.ts';
export { refund } from './refund.ts';
export type {
  CarriedCoupon,
  Refund,
  Refundable,
  RefundableLine,
  RefundRefusal,
  ReturnedLine,
} from './refund.ts';
export type { Selection } from './selection.ts';
export { split, splitWithin } from './split.ts';
export type { SplitMethod, SplitOptions } from './split.ts';
export { taxed } from './tax.ts';
export type * from './terms.ts';

import { z } from 'zod';

/** Why a scan is invalid, in the order in which it is verified (seed 003, claims 12, 13, 16, 17). */
export const ScanReason = z
  .enum([
    'malformed-code',
    'unknown-code',
    'code-differs',
    'time-stamp-differs',
    'step-elapsed',
    'wrong-store',
    'not-yet-issued',
    'expired',
    'revoked',
    'already-used',
    'currency-differs',
    'no-eligible-product',
    'price-needed',
    'coupon-unavailable',
    'timed-out',
    'voided',
  ])
  .describe(
    [
      '`malformed-code`: no bar code of ours looks like this.',
      '`unknown-code`: never issued; for a typed code also expired, used or revoked, as strangers may guess those.',
      '`code-differs`: not the code that was issued.',
      '`time-stamp-differs`: issued at another time.',
      '`step-elapsed`: a rotating code shown too long ago: a screenshot.',
      '`wrong-store`: not issued for this store.',
      '`not-yet-issued`, `expired`: scanned before its issue, or at or after its end.',
      '`revoked`: made void.',
      '`already-used`: this code, or this step of it, was used.',
      '`currency-differs`: its coupons are in another currency.',
      '`no-eligible-product`: nothing in the basket that it is for, or too little of it.',
      '`price-needed`: the discount depends on prices; send lines[].amount.',
      '`coupon-unavailable`: the coupons behind it are used, held by another sale, or not usable on this occasion.',
      '`timed-out`: it was decided without this scan; scan again under a new scanId.',
      '`voided`: it was valid, and the store voided it.',
    ].join(' '),
  );
export type ScanReason = z.output<typeof ScanReason>;

/** What a till read or a cashier typed: the content of the bar code, or the 16 digits below it. */
export const ScannedCode = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[\x1d\x20-\x7e]+$/, 'must be printable ASCII as a scanner sends it');

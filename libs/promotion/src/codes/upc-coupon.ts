import type { UpcValue } from './upc-value-codes.ts';
import { UPC_VALUE_CODES } from './upc-value-codes.ts';

/** What the code of a UPC-A manufacturer coupon says by itself; for which products, the offer must say. */
export interface UpcCoupon extends UpcValue {
  /** Five digits. */
  manufacturer: string;
  /** Three digits, the manufacturer's own grouping of its products. */
  family: string;
  /** Two digits. */
  valueCode: string;
}

export type UpcNotEncoded =
  /** Not 11 digits. */
  | 'malformed'
  /** Does not begin with 5: a code of the retailer's own. */
  | 'not-a-manufacturer-coupon'
  /** Value code 00: the value is printed, not encoded. */
  | 'value-not-encoded'
  /** A value code that means nothing. */
  | 'value-code-unassigned';

/**
 * Reads a UPC-A coupon code: 5, manufacturer (5 digits), family (3), value code (2). Amounts are US cents.
 *
 * @param code11 the 12 digits of the symbol without the check digit
 */
export function parseUpcCoupon(code11: string): UpcCoupon | { notEncoded: UpcNotEncoded } {
  if (!/^\d{11}$/.test(code11)) return { notEncoded: 'malformed' };
  if (!code11.startsWith('5')) return { notEncoded: 'not-a-manufacturer-coupon' };

  const valueCode = code11.slice(9);
  if (valueCode === '00') return { notEncoded: 'value-not-encoded' };
  const value = UPC_VALUE_CODES[valueCode];
  if (!value) return { notEncoded: 'value-code-unassigned' };
  return { manufacturer: code11.slice(1, 6), family: code11.slice(6, 9), valueCode, ...value };
}

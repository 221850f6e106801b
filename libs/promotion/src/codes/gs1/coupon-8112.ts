import { CouponSyntaxError, DigitReader } from './digit-reader.ts';

/** A pointer into the positive offer file. */
export interface Gs1Coupon8112 {
  format: string;
  /** 6 to 12 digits. */
  funderId: string;
  offerCode: string;
  /** 6 to 15 digits; absent in a base string, which names an offer and is no coupon. */
  serial?: string;
}

/**
 * Reads the data of AI (8112), without the AI.
 *
 * `coupon` is also there where only the serial is missing: a base string.
 */
export function parseGs1Coupon8112(data: string): { coupon?: Gs1Coupon8112; error?: string } {
  let coupon: Gs1Coupon8112 | undefined;
  try {
    const reader = new DigitReader(data);
    const format = reader.digit('01', 'COUPON_MISSING_FORMAT_CODE', 'COUPON_INVALID_FORMAT_CODE');
    const funderId = reader.sized(6, '0123456', 'FUNDER');
    coupon = { format, funderId, offerCode: reader.take(6, 'COUPON_TRUNCATED_OFFER_CODE') };
    coupon = { ...coupon, serial: reader.sized(6, '0123456789', 'SERIAL_NUMBER') };
    if (!reader.ended) return { error: 'COUPON_EXCESS_DATA' };
    return { coupon };
  } catch (error) {
    if (!(error instanceof CouponSyntaxError)) throw error;
    return { error: error.code, ...(coupon && { coupon }) };
  }
}

/** Writes what `parseGs1Coupon8112` reads. */
export function writeGs1Coupon8112({ format, funderId, offerCode, serial }: Gs1Coupon8112): string {
  const base = `${format}${funderId.length - 6}${funderId}${offerCode}`;
  return serial === undefined ? base : `${base}${serial.length - 6}${serial}`;
}

import { CouponSyntaxError, DigitReader } from './digit-reader.ts';

/** What must be bought; the meaning of the number is in the code (0 units, 1 and 2 cash value, 3 pounds, 4 kilograms, 9 cashier). */
export interface Gs1Purchase {
  /** 1 to 5 digits. */
  requirement: string;
  requirementCode: string;
  /** Three digits. */
  familyCode: string;
  /** Of the second and third purchase, 6 to 12 digits; absent: the primary one's. */
  gcp?: string;
}

/** A North American coupon as AI (8110) tells it; all values are digits as written. */
export interface Gs1Coupon8110 {
  gcp: string;
  offerCode: string;
  saveValue: string;
  primary: Gs1Purchase;
  rulesCode?: string;
  second?: Gs1Purchase;
  third?: Gs1Purchase;
  /** YYMMDD. */
  expiration?: string;
  start?: string;
  serial?: string;
  retailer?: string;
  misc?: { saveValueCode: string; appliesToItem: string; storeCouponFlag: string; dontMultiplyFlag: string };
}

const REQUIREMENT_CODES = '012349';

/** Reads the data of AI (8110), without the AI; errors carry the names of the GS1 linter. */
export function parseGs1Coupon8110(data: string): { coupon: Gs1Coupon8110 } | { error: string } {
  try {
    return { coupon: readCoupon(new DigitReader(data)) };
  } catch (error) {
    if (error instanceof CouponSyntaxError) return { error: error.code };
    throw error;
  }
}

/** Writes what `parseGs1Coupon8110` reads. */
export function writeGs1Coupon8110(coupon: Gs1Coupon8110): string {
  const { second, third, expiration, start, serial, retailer, misc } = coupon;
  return [
    `${coupon.gcp.length - 6}${coupon.gcp}${coupon.offerCode}`,
    `${coupon.saveValue.length}${coupon.saveValue}${writePurchase(coupon.primary)}`,
    second && `1${coupon.rulesCode ?? '0'}${writePurchase(second)}${writeGcp(second)}`,
    third && `2${writePurchase(third)}${writeGcp(third)}`,
    expiration && `3${expiration}`,
    start && `4${start}`,
    serial && `5${serial.length - 6}${serial}`,
    retailer && `6${retailer.length - 6}${retailer}`,
    misc && `9${misc.saveValueCode}${misc.appliesToItem}${misc.storeCouponFlag}${misc.dontMultiplyFlag}`,
  ].join('');
}

function readCoupon(reader: DigitReader): Gs1Coupon8110 {
  const gcp = reader.sized(6, '0123456', 'GCP');
  const offerCode = reader.take(6, 'COUPON_TRUNCATED_OFFER_CODE');
  const saveValue = reader.sized(0, '12345', 'SAVE_VALUE');
  const coupon: Gs1Coupon8110 = { gcp, offerCode, saveValue, primary: readPurchase(reader, '1ST') };
  if (reader.next('1')) {
    coupon.rulesCode = reader.digit(
      '0123',
      'COUPON_MISSING_ADDITIONAL_PURCHASE_RULES_CODE',
      'COUPON_INVALID_ADDITIONAL_PURCHASE_RULES_CODE',
    );
    coupon.second = { ...readPurchase(reader, '2ND'), ...readGcp(reader, '2ND') };
  }
  if (reader.next('2')) coupon.third = { ...readPurchase(reader, '3RD'), ...readGcp(reader, '3RD') };
  if (reader.next('3')) coupon.expiration = readDate(reader, 'EXPIRATION_DATE', 'EXIPIRATION_DATE');
  if (reader.next('4')) coupon.start = readDate(reader, 'START_DATE', 'START_DATE');
  if (coupon.expiration && coupon.start && coupon.expiration < coupon.start)
    throw new CouponSyntaxError('COUPON_EXPIRATION_BEFORE_START');
  if (reader.next('5')) coupon.serial = reader.sized(6, '0123456789', 'SERIAL_NUMBER');
  if (reader.next('6')) coupon.retailer = reader.sized(6, '1234567', 'RETAILER_GCP_OR_GLN');
  if (reader.next('9')) coupon.misc = readMisc(reader);
  if (!reader.ended) throw new CouponSyntaxError('COUPON_EXCESS_DATA');
  return coupon;
}

function readPurchase(reader: DigitReader, ordinal: string): Gs1Purchase {
  const name = `${ordinal}_PURCHASE_REQUIREMENT`;
  return {
    requirement: reader.sized(0, '12345', name),
    requirementCode: reader.digit(
      REQUIREMENT_CODES,
      `COUPON_MISSING_${name}_CODE`,
      `COUPON_INVALID_${name}_CODE`,
    ),
    familyCode: reader.take(3, `COUPON_TRUNCATED_${ordinal}_PURCHASE_FAMILY_CODE`),
  };
}

function readGcp(reader: DigitReader, ordinal: string): { gcp?: string } {
  return reader.next('9') ? {} : { gcp: reader.sized(6, '0123456', `${ordinal}_PURCHASE_GCP`) };
}

function readDate(reader: DigitReader, name: string, invalidName: string): string {
  const date = reader.take(6, `COUPON_TOO_SHORT_FOR_${name}`);
  const month = Number(date.slice(2, 4));
  const day = Number(date.slice(4));
  const lastDay = new Date(Date.UTC(2000 + Number(date.slice(0, 2)), month, 0)).getUTCDate();
  if (month < 1 || month > 12 || day < 1 || day > lastDay)
    throw new CouponSyntaxError(`COUPON_INVALID_${invalidName}`);
  return date;
}

function readMisc(reader: DigitReader): Gs1Coupon8110['misc'] {
  const digit = (allowed: string, name: string) =>
    reader.digit(allowed, `COUPON_MISSING_${name}`, `COUPON_INVALID_${name}`);
  return {
    saveValueCode: digit('01256', 'SAVE_VALUE_CODE'),
    appliesToItem: digit('012', 'SAVE_VALUE_APPLIES_TO_ITEM'),
    storeCouponFlag: digit('0123456789', 'STORE_COUPON_FLAG'),
    dontMultiplyFlag: digit('01', 'DONT_MULTIPLY_FLAG'),
  };
}

function writePurchase({ requirement, requirementCode, familyCode }: Gs1Purchase): string {
  return `${requirement.length}${requirement}${requirementCode}${familyCode}`;
}

function writeGcp({ gcp }: Gs1Purchase): string {
  return gcp === undefined ? '9' : `${gcp.length - 6}${gcp}`;
}

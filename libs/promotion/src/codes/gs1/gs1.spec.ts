import { parseGs1Coupon8110, writeGs1Coupon8110 } from './coupon-8110.ts';
import { parseGs1Coupon8112, writeGs1Coupon8112 } from './coupon-8112.ts';

it('reads an 8110 coupon with every optional field and writes it back', () => {
  const plain = [
    '1' + '0360002' + '777001' + '2' + '75',
    '1' + '2' + '0' + '512',
    '1' + '1' + '1' + '1' + '0' + '300' + '9',
    '2' + '1' + '4' + '0' + '301' + '0' + '123456',
    '3' + '301231' + '4' + '300101',
    '5' + '0' + '123456' + '6' + '1' + '0360002' + '9' + '0101',
  ].join('');
  const read = parseGs1Coupon8110(plain);
  if ('error' in read) throw new Error(read.error);
  expect(read.coupon).toMatchObject({
    gcp: '0360002',
    saveValue: '75',
    expiration: '301231',
    serial: '123456',
  });
  expect(writeGs1Coupon8110(read.coupon)).toBe(plain);
});

it.each([
  { data: '', error: 'COUPON_MISSING_GCP_VLI' },
  { data: '0999999123', error: 'COUPON_TRUNCATED_OFFER_CODE' },
  {
    data: '0999999123456' + '11' + '110' + '512' + '14',
    error: 'COUPON_INVALID_ADDITIONAL_PURCHASE_RULES_CODE',
  },
  { data: '0999999123456' + '11' + '110' + '512' + '3301332', error: 'COUPON_INVALID_EXIPIRATION_DATE' },
])('names what is wrong with an 8110 coupon: $error', ({ data, error }) => {
  expect(parseGs1Coupon8110(data)).toEqual({ error });
});

it('reads an 8112 coupon and writes it back', () => {
  const { coupon } = parseGs1Coupon8112('109999990000427111222' + '3');
  expect(coupon).toBeDefined();
  expect(
    writeGs1Coupon8112({ format: '1', funderId: '999999', offerCode: '000042', serial: '7111222' }),
  ).toBe('1099999900004217111222');
});

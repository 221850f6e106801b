import { parseUpcCoupon } from './upc-coupon.ts';
import { UPC_VALUE_CODES } from './upc-value-codes.ts';

const reading = (valueCode: string) => parseUpcCoupon(`536200123${valueCode}`);

describe('a UPC-A coupon code', () => {
  it('holds manufacturer, family and value code', () => {
    expect(parseUpcCoupon('53620012355')).toEqual({
      manufacturer: '36200',
      family: '123',
      valueCode: '55',
      purchase: 1,
      reward: { kind: 'amount-off', amount: 55n },
    });
  });

  it.each([
    { valueCode: '09', purchase: 3, amount: 200n },
    { valueCode: '28', purchase: 2, amount: 55n },
    { valueCode: '33', purchase: 2, amount: 100n },
    { valueCode: '41', purchase: 3, amount: 50n },
    { valueCode: '13', purchase: 4, amount: 100n },
    { valueCode: '61', purchase: 1, amount: 1000n },
    { valueCode: '76', purchase: 1, amount: 100n },
  ])('with value code $valueCode takes $amount off $purchase', ({ valueCode, purchase, amount }) => {
    expect(reading(valueCode)).toMatchObject({ purchase, reward: { kind: 'amount-off', amount } });
  });

  it.each([
    { valueCode: '01', purchase: 1, because: 'a free item' },
    { valueCode: '14', purchase: 2, because: 'buy 1 get 1 free' },
    { valueCode: '16', purchase: 3, because: 'buy 2 get 1 free' },
    { valueCode: '19', purchase: 4, because: 'buy 3 get 1 free' },
    { valueCode: '02', purchase: 5, because: 'buy 4 get 1 free' },
  ])('with value code $valueCode frees one of $purchase: $because', ({ valueCode, purchase }) => {
    expect(reading(valueCode)).toMatchObject({ purchase, reward: { kind: 'free-item', quantity: 1 } });
  });

  it.each([
    { code: '53620012300', notEncoded: 'value-not-encoded' },
    { code: '53620012326', notEncoded: 'value-code-unassigned' },
    { code: '10000085364', notEncoded: 'not-a-manufacturer-coupon' },
    { code: '536200123550', notEncoded: 'malformed' },
    { code: '5362001235x', notEncoded: 'malformed' },
    { code: '', notEncoded: 'malformed' },
  ])('$code: $notEncoded', ({ code, notEncoded }) => {
    expect(parseUpcCoupon(code)).toEqual({ notEncoded });
  });

  it('has 95 value codes of two digits: all but 00, 26, 27, 94 and 97', () => {
    const codes = Array.from({ length: 100 }, (_, code) => String(code).padStart(2, '0'));
    const missing = codes.filter((code) => !(code in UPC_VALUE_CODES));

    expect(missing).toEqual(['00', '26', '27', '94', '97']);
    expect(Object.keys(UPC_VALUE_CODES)).toHaveLength(95);
  });
});

import { parseUpcCoupon } from './upc-coupon.ts';
import { termsOfUpc, writeUpcCoupon } from './upc-terms.ts';
import { UPC_VALUE_CODES } from './upc-value-codes.ts';

const codes = Object.keys(UPC_VALUE_CODES).map((valueCode) => `536200123${valueCode}`);

it.each(codes)('%s is written as it was read', (code) => {
  const coupon = parseUpcCoupon(code);
  if ('notEncoded' in coupon) throw new Error(coupon.notEncoded);
  expect(writeUpcCoupon(coupon, termsOfUpc(coupon, ['soap']))).toBe(code);
});

it('becomes an offer for the products that the issuer names', () => {
  const coupon = parseUpcCoupon('53620012333');
  if ('notEncoded' in coupon) throw new Error(coupon.notEncoded);
  expect(termsOfUpc(coupon, ['soap', 'tea'])).toEqual({
    currency: 'USD',
    requires: [{ productIds: ['soap', 'tea'], quantity: 2 }],
    reward: { kind: 'amount-off', amount: 100n },
    funding: [{ party: 'manufacturer:36200', shareBps: 10_000 }],
  });
});

it.each([
  { change: { reward: { kind: 'amount-off', amount: 101n } }, because: 'no code is worth that' },
  { change: { reward: { kind: 'percent-off', rateBps: 1_000 } }, because: 'no code is a percentage' },
  { change: { requires: [] }, because: 'a code is for products' },
] as const)('cannot be written: $because', ({ change }) => {
  const coupon = parseUpcCoupon('53620012355');
  if ('notEncoded' in coupon) throw new Error(coupon.notEncoded);
  expect(writeUpcCoupon(coupon, { ...termsOfUpc(coupon, ['soap']), ...change })).toBeUndefined();
});

import { judge, seeBasket } from './basket.ts';
import type { Offer } from './offer.ts';

const dollarOff: Offer = {
  offerId: 'o',
  currency: 'USD',
  products: new Set(['milk', 'cream']),
  unitDiscount: 100n,
};
const tenPercent: Offer = { ...dollarOff, unitDiscount: undefined };
const line = (productId: string, rest: { quantity?: string; amount?: bigint } = {}) => ({
  ...{ productId, quantity: '1', unit: 'each' },
  ...rest,
});
const see = (
  lines: Parameters<typeof seeBasket>[0],
  offer = dollarOff,
  code: { productIds?: string[] } = {},
) => {
  const seen = seeBasket(lines, code, [offer]);
  return typeof seen === 'string' ? seen : seen.lines.map(({ judged, amount }) => [judged.eligible, amount]);
};

it.each([
  { lines: [line('milk', { amount: 386n })], seen: [[true, 386n]], because: 'it is covered' },
  {
    lines: [line('milk', { quantity: '3' })],
    seen: [[true, 300n]],
    because: 'without a price it costs what is off',
  },
  {
    lines: [line('milk', { amount: 386n }), line('wine')],
    seen: [
      [true, 386n],
      [false, 0n],
    ],
    because: 'what is not eligible needs no price',
  },
  { lines: [line('wine', { amount: 900n })], seen: 'no-eligible-product', because: 'nothing is covered' },
  {
    lines: [line('milk', { quantity: '0.5' })],
    seen: 'price-needed',
    because: 'half a piece has no unit discount',
  },
])('sees $seen: $because', ({ lines, seen }) => {
  expect(see(lines)).toEqual(seen);
});

it('needs prices for a percentage', () => {
  expect(see([line('milk')], tenPercent)).toBe('price-needed');
  expect(see([line('milk', { amount: 386n })], tenPercent)).toEqual([[true, 386n]]);
});

it('keeps to the combination that the code is for', () => {
  expect(see([line('cream')], dollarOff, { productIds: ['milk'] })).toBe('no-eligible-product');
});

it('sums on each line what all coupons take off it', () => {
  const seen = seeBasket([line('milk', { amount: 386n })], {}, [dollarOff]);
  const coupon = (discount: bigint) => ({
    ...{ couponId: 'c', offerId: 'o', title: '', discount, funding: [] },
    lines: [{ lineId: '1', discount }],
  });
  expect(typeof seen === 'string' ? seen : judge(seen, [coupon(100n), coupon(50n)])).toMatchObject([
    { lineId: '1', eligible: true, discount: 150n },
  ]);
});

import { draftOf, type PaperCouponDraft } from './paper-coupon.ts';

const CONDITIONS = { purposes: ['purchase'], validFrom: '2030-01-01T00:00', validTo: '2030-02-01T00:00' };
const upc = (code: string, over: Partial<PaperCouponDraft> = {}) => paper({ kind: 'upc-a', code }, over);
const gs1 = (data: string, over: Partial<PaperCouponDraft> = {}) => paper({ kind: 'gs1-8110', data }, over);
const paper = (coupon: PaperCouponDraft['coupon'], over: Partial<PaperCouponDraft>): PaperCouponDraft => ({
  offerId: 'o',
  campaignId: 'c',
  title: 'A coupon',
  coupon,
  products: [{ productIds: ['1', '2'] }],
  ...over,
});
/** A dollar of 2.50 off one piece of family 100, from 2030-01-01 to 2030-12-31. */
const GS1 = '10614141654321325011010033012314300101';

it('drafts what a UPC-A code promises, with or without its check digit', () => {
  const draft = draftOf(upc('53620012308', { conditions: CONDITIONS }));
  expect(draft).toEqual({
    offerId: 'o',
    campaignId: 'c',
    title: 'A coupon',
    terms: {
      currency: 'USD',
      requires: [{ productIds: ['1', '2'], quantity: 2 }],
      reward: { kind: 'amount-off', amount: 300n },
      funding: [{ party: 'manufacturer:36200', shareBps: 10_000 }],
    },
    conditions: CONDITIONS,
  });
  expect(draftOf(upc('536200123084', { conditions: CONDITIONS }))).toEqual(draft);
});

it('drafts what a GS1 string promises, in its own dates by the clock of each store, the last day included', () => {
  expect(
    draftOf(gs1(GS1, { party: 'maker', storeMatch: { party: 'store', upToTotal: 300n } })),
  ).toMatchObject({
    terms: {
      requires: [{ productIds: ['1', '2'], quantity: 1 }],
      reward: { kind: 'amount-off', amount: 250n },
      funding: [{ party: 'maker', shareBps: 10_000 }],
      storeMatch: { party: 'store', upToTotal: 300n },
    },
    conditions: { purposes: ['purchase'], validFrom: '2030-01-01T00:00', validTo: '2031-01-01T00:00' },
  });
});

it('takes the products of the company and family that the code names', () => {
  const products = [
    { gcp: '0614141', family: '100', productIds: ['a'] },
    { gcp: '0614141', family: '200', productIds: ['b'] },
    { gcp: '7777777', family: '100', productIds: ['c'] },
    { family: '100', productIds: ['d', 'a'] },
  ];
  expect(draftOf(gs1(GS1, { products }))).toMatchObject({
    terms: { requires: [{ productIds: ['a', 'd'] }] },
  });
});

it.each([
  [
    'a wrong check digit',
    upc('536200123081', { conditions: CONDITIONS }),
    'coupon.code',
    'its check digit is wrong',
  ],
  ['a code of the retailer', upc('13620012308'), 'coupon.code', 'not-a-manufacturer-coupon'],
  ['a value that is printed only', upc('53620012300'), 'coupon.code', 'value-not-encoded'],
  [
    'a family that nobody knows',
    upc('53620012308', { products: [{ family: '999', productIds: ['1'] }] }),
    'products',
    'none is of family 123',
  ],
  ['no dates', upc('53620012308'), 'conditions', 'the code does not say from when to when: give conditions'],
  ['a broken string', gs1('1061'), 'coupon.data', 'COUPON_TRUNCATED_GCP'],
  [
    'a string that leaves it to the cashier',
    gs1('1061414165432132501191003301231'),
    'coupon.data',
    'cashier-decides',
  ],
  [
    'a match that the string forbids',
    gs1('1061414165432132501101003301231430010190001', { storeMatch: { party: 'store', upToTotal: 300n } }),
    'storeMatch',
    'the code forbids the store to add to it',
  ],
])('drafts nothing of %s', (_what, draft, field, detail) => {
  expect(draftOf(draft)).toEqual({ field, detail });
});

import fc from 'fast-check';
import { prepareOffer } from '../../prepare.ts';
import { parseGs1Coupon8110, writeGs1Coupon8110, type Gs1Coupon8110 } from './coupon-8110.ts';
import { promiseInGs1 } from './promise-8110.ts';
import { termsOfGs1 } from './terms-8110.ts';

const productsOf = (gcp: string, family: string) => [`${gcp}-${family}`];
const PRIMARY = { requirement: '1', requirementCode: '0', familyCode: '100' };
const aCoupon = (changes: Partial<Gs1Coupon8110> = {}): Gs1Coupon8110 => ({
  gcp: '0614141',
  offerCode: '654321',
  saveValue: '250',
  primary: PRIMARY,
  ...changes,
});
const misc = (saveValueCode: string, appliesToItem = '0') => ({
  misc: { saveValueCode, appliesToItem, storeCouponFlag: '0', dontMultiplyFlag: '0' },
});
const second = { requirement: '2', requirementCode: '0', familyCode: '200' };

it('becomes an offer, with its dates', () => {
  expect(termsOfGs1(aCoupon({ expiration: '301231', start: '300101' }), productsOf)).toEqual({
    terms: {
      currency: 'USD',
      requires: [{ productIds: ['0614141-100'], quantity: 1 }],
      reward: { kind: 'amount-off', amount: 250n },
      funding: [{ party: 'gs1:0614141', shareBps: 10_000 }],
    },
    validFrom: '2030-01-01',
    validTo: '2030-12-31',
    mayBeMatched: true,
  });
});

describe('what must be bought', () => {
  it.each([
    { requirement: '3', requirementCode: '0', set: { quantity: 3 }, because: 'units' },
    {
      requirement: '1050',
      requirementCode: '1',
      set: { quantity: 1, spendMin: 1_050n },
      because: 'cash value',
    },
    {
      requirement: '150',
      requirementCode: '3',
      set: { measure: { unit: 'lb', atLeast: '1.50' } },
      because: 'pounds',
    },
    {
      requirement: '500',
      requirementCode: '4',
      set: { measure: { unit: 'kg', atLeast: '0.500' } },
      because: 'kilograms',
    },
  ])('is $requirement in $because', ({ set, requirement, requirementCode }) => {
    const primary = { ...PRIMARY, requirement, requirementCode };
    expect(termsOfGs1(aCoupon({ primary }), productsOf)).toMatchObject({
      terms: { requires: [set] },
    });
  });

  it('is the cash value of the whole transaction: then the amount is off the whole', () => {
    const primary = { ...PRIMARY, requirement: '5000', requirementCode: '2' };
    expect(termsOfGs1(aCoupon({ primary }), productsOf)).toMatchObject({
      terms: {
        requires: [],
        conditions: [{ kind: 'min-subtotal', amount: 5_000n }],
        reward: { kind: 'amount-off', on: { target: 'order' } },
      },
    });
  });

  it.each([
    { rulesCode: '0', quantity: '1', products: [['0614141-100', '0614141-200']] },
    { rulesCode: '1', quantity: '2', products: [['0614141-100'], ['0614141-200']] },
    { rulesCode: '2', quantity: '2', products: [['0614141-100'], ['0614141-200']] },
    { rulesCode: '3', quantity: '2', products: [['0614141-200']] },
  ])('by rule $rulesCode is $products', ({ rulesCode, quantity, products }) => {
    const coupon = aCoupon({ rulesCode, second: { ...second, requirement: quantity } });
    expect(termsOfGs1(coupon, productsOf)).toMatchObject({
      terms: { requires: products.map((productIds) => ({ productIds })) },
    });
  });
});

describe('what is saved', () => {
  it.each([
    { code: '1', saveValue: '0', reward: { kind: 'free-item', quantity: 1 } },
    { code: '1', saveValue: '300', reward: { kind: 'percent-off', rateBps: 10_000, amountMax: 300n } },
    { code: '2', saveValue: '1', reward: { kind: 'free-item', quantity: 1 } },
    { code: '5', saveValue: '15', reward: { kind: 'percent-off', rateBps: 1_500 } },
    { code: '6', saveValue: '500', reward: { kind: 'amount-off', amount: 500n, on: { target: 'order' } } },
  ])('by code $code with $saveValue is $reward.kind', ({ code, saveValue, reward }) => {
    expect(termsOfGs1(aCoupon({ saveValue, ...misc(code) }), productsOf)).toMatchObject({
      terms: { reward },
    });
  });

  it('is on the second item where the string says so', () => {
    const coupon = aCoupon({ saveValue: '50', rulesCode: '1', second, ...misc('5', '1') });
    expect(termsOfGs1(coupon, productsOf)).toMatchObject({
      terms: { reward: { kind: 'percent-off', rateBps: 5_000, on: { kind: 'set', set: 1 } } },
    });
  });
});

it.each([
  { coupon: aCoupon({ primary: { ...PRIMARY, requirementCode: '9' } }), notExpressible: 'cashier-decides' },
  { coupon: aCoupon({ rulesCode: '0', second }), notExpressible: 'alternatives-differ' },
  { coupon: aCoupon({ saveValue: '2', ...misc('2') }), notExpressible: 'reward-on-part-of-the-purchase' },
  {
    coupon: aCoupon({
      saveValue: '50',
      rulesCode: '1',
      second: { ...second, familyCode: '100' },
      ...misc('5'),
    }),
    notExpressible: 'purchases-overlap',
  },
  { coupon: aCoupon({ saveValue: '101', ...misc('5') }), notExpressible: 'save-value-senseless' },
])('is not expressible: $notExpressible', ({ coupon, notExpressible }) => {
  expect(termsOfGs1(coupon, productsOf)).toEqual({ notExpressible });
});

it('is not expressible for products that nobody knows', () => {
  expect(termsOfGs1(aCoupon(), () => [])).toEqual({ notExpressible: 'products-unknown' });
});

const digits = (min: number, max = min) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: min, maxLength: max }).map((all) => all.join(''));
const number = fc.integer({ min: 1, max: 99_999 }).map(String);
const purchase = fc.record({
  requirement: fc.integer({ min: 1, max: 99_999 }).map(String),
  requirementCode: fc.constantFrom('0', '0', '1', '2', '3', '4', '9'),
  familyCode: digits(3),
});
const date = fc.tuple(
  fc.integer({ min: 10, max: 49 }),
  fc.integer({ min: 10, max: 12 }),
  fc.integer({ min: 10, max: 28 }),
);
const coupons: fc.Arbitrary<Gs1Coupon8110> = fc
  .record(
    {
      gcp: digits(6, 12),
      offerCode: digits(6),
      saveValue: fc.oneof(number, fc.constantFrom('0', '5', '100', '1')),
      primary: purchase,
      rulesCode: fc.constantFrom('0', '1', '2', '3'),
      second: fc.record({
        ...{ requirement: number, familyCode: digits(3) },
        requirementCode: fc.constantFrom('0', '1'),
      }),
      third: fc.record({
        requirement: number,
        familyCode: digits(3),
        requirementCode: fc.constant('0'),
        gcp: digits(6, 12),
      }),
      expiration: date.map((parts) => parts.join('')),
      serial: digits(6, 15),
      retailer: digits(7, 13),
      misc: fc.record({
        saveValueCode: fc.constantFrom('0', '1', '2', '5', '6'),
        appliesToItem: fc.constantFrom('0', '1', '2'),
        storeCouponFlag: fc.constantFrom('0', '1'),
        dontMultiplyFlag: fc.constantFrom('0', '1'),
      }),
    },
    { requiredKeys: ['gcp', 'offerCode', 'saveValue', 'primary'] },
  )
  .map(({ rulesCode, second: other, ...coupon }) =>
    other ? { ...coupon, second: other, rulesCode: rulesCode ?? '0' } : { ...coupon, third: undefined },
  ) as fc.Arbitrary<Gs1Coupon8110>;

it('any string is read, made an offer that a till can price, and written as it was', () => {
  fc.assert(
    fc.property(coupons, (coupon) => {
      const text = writeGs1Coupon8110(coupon);
      const read = parseGs1Coupon8110(text);
      if ('error' in read) throw new Error(`${text}: ${read.error}`);
      expect(writeGs1Coupon8110(read.coupon)).toBe(text);

      const draft = termsOfGs1(read.coupon, productsOf);
      if ('notExpressible' in draft) return;
      expect(() => prepareOffer(draft.terms)).not.toThrow();
      const back = promiseInGs1(read.coupon, draft.terms);
      expect(back && writeGs1Coupon8110(back)).toBe(text);
    }),
    { numRuns: 1_000 },
  );
});

it('an edited offer is written with what it promises now', () => {
  const draft = termsOfGs1(aCoupon(), productsOf);
  if ('notExpressible' in draft) throw new Error(draft.notExpressible);
  const edited = { ...draft.terms, reward: { kind: 'percent-off', rateBps: 2_500 } as const };
  expect(promiseInGs1(aCoupon(), edited)).toMatchObject({ saveValue: '25', misc: { saveValueCode: '5' } });
  expect(
    promiseInGs1(aCoupon(), { ...edited, reward: { ...edited.reward, rateBps: 2_550 } }),
  ).toBeUndefined();
});

import { aCoupon, aLine, basketOf } from '../test/baskets.ts';
import { evaluate } from './evaluate.ts';
import type { BasketLine } from './basket.ts';
import type { OfferTerms } from './terms.ts';

describe('an invalid basket is a bug in the caller', () => {
  it.each<{ lines: BasketLine[]; says: string }>([
    { lines: [aLine('1', { amount: -1n })], says: 'line 1: amount -1 is negative' },
    { lines: [aLine('1'), aLine('1')], says: 'line 1 is in the basket twice' },
    { lines: [aLine('1', { quantity: '-1' })], says: 'line 1: quantity "-1" is not a decimal of at least 0' },
    {
      lines: [aLine('1', { quantity: '1e3' })],
      says: 'line 1: quantity "1e3" is not a decimal of at least 0',
    },
    {
      lines: [aLine('1', { amount: 2n ** 53n })],
      says: 'basket of 9007199254740992 is above 9007199254740991',
    },
  ])('$says', ({ lines, says }) => {
    expect(() => evaluate(basketOf(...lines), [])).toThrow(new RangeError(says));
  });

  it('a coupon given twice', () => {
    expect(() => evaluate(basketOf(aLine('1')), [aCoupon('a'), aCoupon('a')])).toThrow(
      new RangeError('coupon a is given twice'),
    );
  });
});

describe('invalid terms are a bug in the caller, whatever is in the basket', () => {
  it.each<{ terms: Partial<OfferTerms>; says: string }>([
    {
      terms: { requires: [{ productIds: ['a'], quantity: 0 }] },
      says: 'required quantity 0 is not an integer of at least 1',
    },
    {
      terms: { requires: [{ productIds: ['a'], quantity: 1.5 }] },
      says: 'required quantity 1.5 is not an integer of at least 1',
    },
    { terms: { reward: { kind: 'amount-off', amount: -1n } }, says: 'reward amount -1 is negative' },
    {
      terms: { reward: { kind: 'percent-off', rateBps: 10_001 } },
      says: 'rateBps: 10001 is not a number of at most four decimals in 0..10000',
    },
    {
      terms: { reward: { kind: 'percent-off', rateBps: -1 } },
      says: 'rateBps: -1 is not a number of at most four decimals in 0..10000',
    },
    {
      terms: { reward: { kind: 'percent-off', rateBps: 1, amountMax: -1n } },
      says: 'amountMax -1 is negative',
    },
    {
      terms: { reward: { kind: 'free-item', quantity: 0 } },
      says: 'free quantity 0 is not an integer of at least 1',
    },
    {
      terms: { reward: { kind: 'free-item', quantity: 2 } },
      says: 'free quantity 2 is above the 1 required',
    },
    {
      terms: { reward: { kind: 'fixed-price', amount: 1n }, requires: [] },
      says: 'a fixed price needs required sets',
    },
    {
      terms: {
        requires: [
          { productIds: ['a'], quantity: 1 },
          { productIds: ['a', 'b'], quantity: 1 },
        ],
        reward: { kind: 'percent-off', rateBps: 1, on: { kind: 'set', set: 0 } },
      },
      says: 'set 0 shares product a with another set',
    },
    {
      terms: { reward: { kind: 'percent-off', rateBps: 1, on: { kind: 'set', set: 1 } } },
      says: 'set 1 is not required',
    },
    {
      terms: { requires: [{ productIds: ['a'], quantity: 2, quantityMax: 1 }] },
      says: 'quantityMax 1 is below the required quantity 2',
    },
    {
      terms: { requires: [{ productIds: ['a'], quantity: 1, measure: { unit: 'each', atLeast: '1' } }] },
      says: "measure: 'each' is counted by quantity",
    },
    { terms: { reward: { kind: 'several', rewards: [] } }, says: 'several rewards are none' },
    { terms: { usesPerBasket: 0 }, says: 'usesPerBasket 0 is not an integer of at least 1' },
    { terms: { funding: [] }, says: 'funding shares sum to 0, not 10000' },
    { terms: { funding: [{ party: 'p', shareBps: 9_999 }] }, says: 'funding shares sum to 9999, not 10000' },
    {
      terms: {
        funding: [
          { party: 'p', shareBps: 10_001 },
          { party: 'q', shareBps: -1 },
        ],
      },
      says: 'share of p: 10001 is not an integer in 0..10000',
    },
    { terms: { storeMatch: { party: 's', upToTotal: -1n } }, says: 'storeMatch.upToTotal -1 is negative' },
  ])('$says', ({ terms, says }) => {
    expect(() => evaluate(basketOf(), [aCoupon('a', terms)])).toThrow(new RangeError(says));
  });
});

import { someTerms } from '../test/baskets.ts';
import { discountMaxOf } from './discount-max.ts';

describe('the most one use can take off', () => {
  it.each([
    { reward: { kind: 'amount-off', amount: 55n }, match: undefined, max: 55n, because: 'it is the amount' },
    {
      reward: { kind: 'amount-off', amount: 55n },
      match: 100n,
      max: 100n,
      because: 'doubled up to the total',
    },
    { reward: { kind: 'amount-off', amount: 40n }, match: 100n, max: 80n, because: 'doubled' },
    {
      reward: { kind: 'amount-off', amount: 150n },
      match: 100n,
      max: 150n,
      because: 'too high to be doubled',
    },
    {
      reward: { kind: 'percent-off', rateBps: 1_000, amountMax: 500n },
      match: undefined,
      max: 500n,
      because: 'capped',
    },
    {
      reward: { kind: 'percent-off', rateBps: 1_000 },
      match: undefined,
      max: undefined,
      because: 'not capped',
    },
    {
      reward: { kind: 'free-item', quantity: 1 },
      match: undefined,
      max: undefined,
      because: 'the item has any price',
    },
  ] as const)('is $max: $because', ({ reward, match, max }) => {
    const storeMatch = match === undefined ? {} : { storeMatch: { party: 'store', upToTotal: match } };
    expect(discountMaxOf(someTerms({ reward, ...storeMatch }))).toBe(max);
  });
});

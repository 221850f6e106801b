import { OfferTerms } from './offer-terms.ts';

const soap = { productIds: ['soap'], quantity: 1 };
const plain = {
  currency: 'USD',
  requires: [soap],
  reward: { kind: 'amount-off', amount: 100 },
  funding: [{ party: 'maker', shareBps: 10_000 }],
};

it.each([
  { terms: {}, because: 'nothing but what it must say' },
  { terms: { requires: [] }, because: 'an amount off the whole basket' },
  {
    terms: { reward: { kind: 'benefit', benefit: { kind: 'ticket', event: 'zoo', admits: 2 } } },
    because: 'a ticket',
  },
  {
    terms: {
      requires: [
        { ...soap, quantity: 2 },
        { productIds: ['tea'], quantity: 1, measure: { unit: 'kg', atLeast: '0.5' } },
      ],
      conditions: [{ kind: 'min-subtotal', amount: 1_000 }],
      reward: { kind: 'percent-off', rateBps: 5_000, amountMax: 200, on: { kind: 'set', set: 1 } },
      usesPerBasket: 2,
      stacking: { group: 'maker', priority: 1 },
    },
    because: 'a combination with all that an issuer can say',
  },
])('takes $because', ({ terms }) => {
  expect(OfferTerms.safeParse({ ...plain, ...terms }).error?.issues).toBeUndefined();
});

it.each([
  { terms: { funding: [{ party: 'maker', shareBps: 9_999 }] }, at: 'funding', says: /shares sum to 9999/ },
  {
    terms: { requires: [{ ...soap, quantity: 3, quantityMax: 2 }] },
    at: 'requires.0.quantityMax',
    says: /below the quantity 3/,
  },
  {
    terms: { requires: [{ ...soap, measure: { unit: 'each', atLeast: '1' } }] },
    at: 'requires.0.measure.unit',
    says: /counted by quantity/,
  },
  {
    terms: { reward: { kind: 'free-item', quantity: 2 } },
    at: 'reward.quantity',
    says: /above the 1 required/,
  },
  {
    terms: { requires: [], reward: { kind: 'fixed-price', amount: 1 } },
    at: 'reward',
    says: /needs required sets/,
  },
  {
    terms: { reward: { kind: 'percent-off', rateBps: 1, on: { kind: 'set', set: 1 } } },
    at: 'reward.on.set',
    says: /position in requires, 0 to 0/,
  },
  {
    terms: {
      requires: [soap, soap],
      reward: { kind: 'percent-off', rateBps: 1, on: { kind: 'set', set: 1 } },
    },
    at: 'reward.on.set',
    says: /shares product soap/,
  },
  {
    terms: {
      reward: {
        kind: 'several',
        rewards: [
          { kind: 'amount-off', amount: 1 },
          { kind: 'amount-off', amount: 1, on: { kind: 'lines', target: 'order', allocation: 'across' } },
        ],
      },
    },
    at: 'reward.rewards',
    says: /cannot be of one offer/,
  },
])('says what is wrong at $at', ({ terms, at, says }) => {
  const { issues } = OfferTerms.safeParse({ ...plain, ...terms }).error!;
  expect(issues.map(({ path }) => path.join('.'))).toContain(at);
  expect(issues.map(({ message }) => message).join()).toMatch(says);
});

import { type OfferToApprove, refusalBySelf, refusalsByBudget } from './approval.ts';

const anOffer = (over: Partial<OfferToApprove> = {}): OfferToApprove => ({
  offerId: 'o1',
  campaignId: 'c1',
  writtenBy: ['ann', 'dora'],
  submittedBy: 'bob',
  currency: 'USD',
  budget: 400n,
  ...over,
});

it.each([
  ['a person who had no part in it', 'cleo', undefined],
  ['the drafter', 'ann', 'was written by ann'],
  ['somebody who revised it', 'dora', 'was written by dora'],
  ['the drafter in capitals', 'ANN', 'was written by ann'],
  ['the submitter', 'bob', 'was submitted by bob'],
])('approval by %s', (_who, approvedBy, why) => {
  expect(refusalBySelf(anOffer(), approvedBy)).toBe(why);
});

describe('the budget of a campaign', () => {
  const budgets = new Map([['c1', { currency: 'USD', amount: 1_000n, approved: 200n }]]);

  it.each([
    ['exactly what is left', [anOffer(), anOffer({ offerId: 'o2' })], {}],
    [
      'a cent more than is left',
      [anOffer(), anOffer({ offerId: 'o2', budget: 401n })],
      { o2: 'may spend 401, and its campaign has 400 left' },
    ],
    ['no limit', [anOffer({ budget: undefined })], { o1: 'needs a budget, for its campaign has one' }],
    ['another currency', [anOffer({ currency: 'EUR' })], { o1: "is in EUR, its campaign's budget in USD" }],
    ['a campaign without a budget', [anOffer({ campaignId: 'c2', budget: undefined })], {}],
  ])('and offers with %s', (_what, offers, refusals) => {
    expect(Object.fromEntries(refusalsByBudget(offers, budgets))).toEqual(refusals);
  });
});

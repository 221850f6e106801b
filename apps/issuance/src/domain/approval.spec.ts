import { approve, type OfferToApprove } from './approval.ts';

const anOffer = (over: Partial<OfferToApprove> = {}): OfferToApprove => ({
  offerId: 'o1',
  state: 'submitted',
  draftedBy: 'ann',
  submittedBy: 'bob',
  ...over,
});

it.each([
  ['a third person', anOffer(), 'cleo', { goLive: ['o1'], refused: [] }],
  ['the drafter', anOffer(), 'ann', { goLive: [], refused: [{ offerId: 'o1', why: 'was drafted by ann' }] }],
  [
    'the drafter in capitals',
    anOffer(),
    'ANN',
    { goLive: [], refused: [{ offerId: 'o1', why: 'was drafted by ann' }] },
  ],
  [
    'the submitter',
    anOffer(),
    'bob',
    { goLive: [], refused: [{ offerId: 'o1', why: 'was submitted by bob' }] },
  ],
  [
    'anybody, before it was submitted',
    anOffer({ state: 'draft', submittedBy: null }),
    'cleo',
    { goLive: [], refused: [{ offerId: 'o1', why: 'must be submitted first' }] },
  ],
  ['anybody, once it is live', anOffer({ state: 'live' }), 'cleo', { goLive: [], refused: [] }],
])('approval by %s', (_who, offer, approvedBy, approval) => {
  expect(approve([offer], approvedBy)).toEqual(approval);
});

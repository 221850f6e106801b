import { campaignsOf, type Draft, partiesOf, productsOf, tooLarge, twiceNamed } from './draft.ts';

const aDraft = (productIds = ['1', '2']): Draft => ({
  offerId: '0198f6d0-0000-7000-8000-000000000001',
  campaignId: '0198f6d0-0000-7000-8000-00000000000c',
  title: 'One off',
  terms: {
    currency: 'USD',
    requires: [{ productIds, quantity: 1 }],
    reward: { kind: 'amount-off', amount: 100n },
    funding: [{ party: 'manufacturer:1', shareBps: 10_000 }],
    storeMatch: { party: 'store', upToTotal: 100n },
  },
  conditions: { purposes: ['purchase'], validFrom: '2017-01-01T00:00:00Z', validTo: '2018-01-01T00:00:00Z' },
});

it('tells where an offer names what', () => {
  expect(partiesOf([aDraft()]).map(({ field }) => field)).toEqual([
    'offers[0].terms.funding[0].party',
    'offers[0].terms.storeMatch.party',
  ]);
  expect(productsOf([aDraft(), aDraft()])[3]).toEqual({
    name: '2',
    field: 'offers[1].terms.requires[0].productIds[1]',
  });
  expect(campaignsOf([aDraft()])[0]?.field).toBe('offers[0].campaignId');
});

it('sees one offer that is named twice, however its id is spelled', () => {
  const offerId = '0198F6D0-0000-7000-8000-00000000000A';
  const drafts = [offerId, offerId.toLowerCase()].map((id) => ({ ...aDraft(), offerId: id }));
  expect(twiceNamed(drafts)).toEqual([{ name: offerId.toLowerCase(), field: 'offers[1].offerId' }]);
});

it.each([
  [14_477, 8, 0, 'the largest campaign of the sample data'],
  [15_200, 64, 1, 'more than a message holds'],
])('%i products of %i characters: %i too large, %s', (count, length, refused) => {
  const productIds = Array.from({ length: count }, (_, index) => String(index).padStart(length, '0'));
  expect(tooLarge([aDraft(productIds)])).toHaveLength(refused);
});

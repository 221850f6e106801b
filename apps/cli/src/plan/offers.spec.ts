import { DraftOffersV1 } from '@couplet/contracts';
import { z } from 'zod';
import { planOffers, RETAILER } from './offers.ts';

const campaigns = new Map([
  ['26', { campaignId: '26', type: 'Type B', firstDay: '2016-12-28', lastDay: '2017-02-19' }],
]);
const planOf = (upc: string, options: { unencodedValue?: bigint; storeMatchUpTo?: bigint } = {}) =>
  planOffers(
    { campaigns, coupons: [{ upc, campaignId: '26', productIds: ['77', '78', '77'] }] },
    { storeMatchUpTo: 100n, ...options },
  );

describe('offers from paper coupons', () => {
  it('take discount and required quantity from the value code', () => {
    const { offers, leftOut } = planOf('53620012333');
    expect(leftOut).toEqual([]);
    expect(offers[0]!.draft).toMatchObject({
      title: '$1.00 off 2',
      terms: {
        requires: [{ productIds: ['77', '78'], quantity: 2 }],
        reward: { kind: 'amount-off', amount: 100n },
        funding: [{ party: 'manufacturer:36200', shareBps: 10_000 }],
        storeMatch: { party: RETAILER, upToTotal: 100n },
      },
      conditions: { validFrom: '2016-12-28T00:00:00.000Z', validTo: '2017-02-20T05:00:00.000Z' },
    });
  });

  it('fit the contract', () => {
    const offers = planOf('53620012355').offers.map(({ draft }) => draft);
    expect(z.encode(DraftOffersV1.request, { draftedBy: 'x', offers }).offers).toHaveLength(1);
  });

  it('leave a free item unmatched, for it has no face value', () => {
    const { terms } = planOf('53620012314').offers[0]!.draft;
    expect(terms.reward).toEqual({ kind: 'free-item', quantity: 1 });
    expect(terms.requires[0]!.quantity).toBe(2);
    expect(terms.storeMatch).toBeUndefined();
  });

  it('know no match where the store gives none', () => {
    expect(planOf('53620012355', { storeMatchUpTo: 0n }).offers[0]!.draft.terms.storeMatch).toBeUndefined();
  });

  it.each(['10000085207', '53620012300'])('leave %s out, whose value is not in its code', (upc) => {
    expect(planOf(upc)).toMatchObject({ offers: [], leftOut: [{ upc }] });
  });

  it.each([
    ['10000085207', RETAILER, false],
    ['53620012300', 'manufacturer:36200', true],
  ])('give %s the value of the option, funded by %s', (upc, party, matched) => {
    const { terms } = planOf(upc, { unencodedValue: 75n }).offers[0]!.draft;
    expect(terms.reward).toEqual({ kind: 'amount-off', amount: 75n });
    expect(terms.funding).toEqual([{ party, shareBps: 10_000 }]);
    expect(terms.storeMatch !== undefined).toBe(matched);
  });
});

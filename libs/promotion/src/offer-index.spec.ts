import { aLine, basketOf, someTerms } from '../test/baskets.ts';
import { OfferIndex } from './offer-index.ts';

const requiring = (...sets: string[][]) =>
  someTerms({ requires: sets.map((productIds) => ({ productIds, quantity: 1 })) });

describe('the offer index', () => {
  it('finds the offers that a basket touches and no others', () => {
    const index = new OfferIndex();
    index.put('soap-or-rice', requiring(['soap', 'rice']));
    index.put('milk', requiring(['milk']));

    expect(index.touching(basketOf(aLine('1', { productId: 'rice' })))).toEqual(new Set(['soap-or-rice']));
  });

  it('finds a combination by its smallest set', () => {
    const index = new OfferIndex();
    index.put('soap-with-tea', requiring(['soap', 'rice', 'milk'], ['tea']));

    expect(index.touching(basketOf(aLine('1', { productId: 'soap' })))).toEqual(new Set());
    expect(
      index.touching(basketOf(aLine('1', { productId: 'soap' }), aLine('2', { productId: 'tea' }))),
    ).toEqual(new Set(['soap-with-tea']));
  });

  it('forgets what an offer was when it is replaced or removed', () => {
    const index = new OfferIndex();
    const soapAndMilk = basketOf(aLine('1', { productId: 'soap' }), aLine('2', { productId: 'milk' }));
    index.put('a', requiring(['soap']));
    index.put('a', requiring(['rice']));
    index.put('b', requiring(['milk']));
    index.remove('b');
    index.remove('never-there');

    expect(index.touching(soapAndMilk)).toEqual(new Set());
  });
});

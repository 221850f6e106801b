import type { OfferTerms } from '@couplet/contracts';
import { aCachedOffer } from '../../test/samples.ts';
import { ANY_PRODUCT, productsOf } from './offer.ts';

const terms = (some: Partial<OfferTerms>) => aCachedOffer({ terms: some }).terms;

it('indexes a product that two required sets share once', () => {
  const requires = [
    { productIds: ['a', 'b'], quantity: 1 },
    { productIds: ['b', 'c'], quantity: 2 },
  ];
  expect(productsOf(terms({ requires }))).toEqual(['a', 'b', 'c']);
});

it('finds an offer that requires no product by any', () => {
  expect(productsOf(terms({ requires: [] }))).toEqual([ANY_PRODUCT]);
});

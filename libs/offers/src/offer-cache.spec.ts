import { offerCache } from './offer-cache.ts';

const anOffer = (products: number) => ({ products });
const cacheOf = (productsMax: number) =>
  offerCache<{ products: number }>(({ products }) => products, productsMax);

it('keeps many offers for few products, and few for many', () => {
  const small = cacheOf(100_000);
  const large = cacheOf(100_000);
  for (let n = 0; n < 1_000; n++) {
    small.set(`offer ${n}`, anOffer(1));
    large.set(`offer ${n}`, anOffer(10_000));
  }
  expect(small.size).toBe(1_000);
  expect(large.size).toBe(9);
});

it('gives up first what was not asked for the longest', () => {
  const cache = cacheOf(30_000);
  cache.set('first', anOffer(10_000));
  cache.set('second', anOffer(10_000));
  cache.get('first');
  cache.set('third', anOffer(10_000));
  expect([...cache.keys()].toSorted()).toEqual(['first', 'third']);
});

it('does not keep one that would fill it alone, and keeps the others', () => {
  const cache = cacheOf(30_000);
  cache.set('small', anOffer(1));
  cache.set('huge', anOffer(30_000));
  expect([...cache.keys()]).toEqual(['small']);
});

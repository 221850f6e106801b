import { aCoupon, aLine, basketOf, someTerms } from '../test/baskets.ts';
import { evaluate } from './evaluate.ts';
import type { Coupon } from './evaluation.ts';
import { OfferIndex } from './offer-index.ts';

const requiring = (...sets: string[][]) =>
  someTerms({ requires: sets.map((productIds) => ({ productIds, quantity: 1 })) });
const basketWith = (...productIds: string[]) =>
  basketOf(...productIds.map((productId) => aLine(productId, { productId })));

/** Under each id the id itself. */
function indexOf(sets: Record<string, string[][]>): OfferIndex<string> {
  const index = new OfferIndex<string>();
  for (const [id, ofOffer] of Object.entries(sets)) index.put(id, requiring(...ofOffer), id);
  return index;
}

describe('the offer index', () => {
  it('finds the offers that a basket touches and no others', () => {
    const index = indexOf({ 'soap-or-rice': [['soap', 'rice']], milk: [['milk']] });

    expect(index.touching(basketWith('rice'))).toEqual(['soap-or-rice']);
  });

  it('finds a combination by its smallest set', () => {
    const index = indexOf({ 'soap-with-tea': [['soap', 'rice', 'milk'], ['tea']] });

    expect(index.touching(basketWith('soap'))).toEqual([]);
    expect(index.touching(basketWith('soap', 'tea'))).toEqual(['soap-with-tea']);
  });

  it('finds what requires nothing for every basket, and what no product can touch for none', () => {
    const index = indexOf({ always: [], never: [[]] });

    expect(index.touching(basketWith('soap'))).toEqual(['always']);
    expect(index.touching(basketOf())).toEqual(['always']);
  });

  it('hands out each once, in the order in which they were put', () => {
    const index = indexOf({ c: [['milk', 'soap']], b: [], a: [['soap']] });

    expect(index.touching(basketWith('soap', 'milk'))).toEqual(['c', 'b', 'a']);
    index.put('c', requiring(['milk']), 'c, later');
    expect(index.touching(basketWith('soap', 'milk'))).toEqual(['b', 'a', 'c, later']);
  });

  it('forgets what an offer was when it is replaced or removed', () => {
    const index = indexOf({ a: [['soap']], b: [['milk', 'soap']], c: [], d: [['soap']] });
    index.put('a', requiring(['rice']), 'a');
    index.remove('b');
    index.remove('c');
    index.remove('never-there');

    expect(index.touching(basketWith('soap', 'milk'))).toEqual(['d']);
  });

  it('takes no offer that could not be priced', () => {
    const index = indexOf({ a: [['soap']] });

    expect(() => index.put('a', someTerms({ requires: [{ productIds: [], quantity: 0 }] }), 'a')).toThrow(
      RangeError,
    );
    expect(index.touching(basketWith('soap'))).toEqual(['a']);
  });
});

it('of a thousand held coupons, only those that touch the basket are looked at', () => {
  const basket = basketWith('soap', 'tea');
  const lookedAt = new Set<string>();
  const timesGoneThrough = new Map<string, number>();
  const index = new OfferIndex<Coupon>();
  for (let n = 0; n < 1_000; n++) {
    const couponId = `${n}`;
    const productIds = watched(n % 200 === 0 ? ['rice', 'soap'] : ['rice', 'milk'], (name) => {
      const times = timesGoneThrough.get(couponId) ?? 0;
      if (name === Symbol.iterator) timesGoneThrough.set(couponId, times + 1);
    });
    const coupon = aCoupon(couponId, { requires: [{ productIds, quantity: 1 }] });
    const kept = watched(coupon, () => lookedAt.add(couponId));
    index.put(couponId, coupon.terms, kept);
  }

  const found = index.touching(basket);
  expect(found).toHaveLength(5);
  expect([...lookedAt]).toEqual([]);

  expect(evaluate(basket, found).discount).toBe(100n);
  expect([...lookedAt]).toEqual(['0', '200', '400', '600', '800']);
  // Once to index them; of those alone once more, to prepare them.
  expect([...timesGoneThrough].filter(([, times]) => times > 1)).toEqual([...lookedAt].map((id) => [id, 2]));
  expect(timesGoneThrough.size).toBe(1_000);
});

/** Tells whenever anything of it is read. */
function watched<T extends object>(what: T, onRead: (name: string | symbol) => void): T {
  return new Proxy(what, {
    get: (target, name) => {
      onRead(name);
      return Reflect.get(target, name) as unknown;
    },
  });
}

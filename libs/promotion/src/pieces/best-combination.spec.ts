import { aCoupon, aLine, basketOf } from '../../test/baskets.ts';
import { evaluate } from '../evaluate.ts';
import type { OfferTerms } from '../terms.ts';

/** Twelve coupons on a receipt of sixty lines of different prices, all valid for every line. */
const PRICES = Array.from({ length: 60 }, (_, n) => 100 + ((n * 37) % 60) * 15);
const basket = basketOf(
  ...PRICES.map((price, n) => aLine(`${n}`, { productId: `p${n}`, amount: BigInt(price) })),
);
const everything = PRICES.map((_, n) => `p${n}`);
const twelve = (terms: (n: number) => Partial<OfferTerms>, quantity: number) =>
  Array.from({ length: 12 }, (_, n) =>
    aCoupon(`${n}`, { requires: [{ productIds: everything, quantity }], ...terms(n) }),
  );
const dearest = PRICES.toSorted((a, b) => b - a);

describe('twelve competing coupons on sixty lines', () => {
  it('percentages: the highest goes to the dearest piece', () => {
    const rates = Array.from({ length: 12 }, (_, n) => 500 + 300 * n);
    const best = rates
      .toReversed()
      .reduce((total, rateBps, n) => total + Math.floor((dearest[n]! * rateBps + 5_000) / 10_000), 0);

    const held = twelve((n) => ({ reward: { kind: 'percent-off', rateBps: rates[n]! } }), 1);
    expect(evaluate(basket, held).discount).toBe(BigInt(best));
  });

  it('buy 1 get 1 free: the dearest pieces pair with each other', () => {
    const best = dearest.slice(0, 24).reduce((total, price, n) => (n % 2 === 1 ? total + price : total), 0);

    const held = twelve(() => ({ reward: { kind: 'free-item', quantity: 1 } }), 2);
    expect(evaluate(basket, held).discount).toBe(BigInt(best));
  });

  it('four pieces each, more ways than are looked at: all twelve still find theirs', () => {
    const held = twelve((n) => ({ reward: { kind: 'amount-off', amount: BigInt(100 + n) } }), 4);

    expect(evaluate(basket, held).discount).toBe(BigInt(12 * 100 + 66));
  });

  it('sets that overlap in a chain: each coupon gets the piece that no other needs', () => {
    // Coupon n wants product n or n + 1: whoever takes n + 1 leaves the next without; the last has only one.
    const held = Array.from({ length: 12 }, (_, n) =>
      aCoupon(`${n}`, {
        requires: [{ productIds: n === 11 ? ['p11'] : [`p${n}`, `p${n + 1}`], quantity: 1 }],
      }),
    );

    expect(evaluate(basket, held).discount).toBe(1_200n);
  });
});

it('a thousand coupons for two pieces: the two best', () => {
  const held = Array.from({ length: 1_000 }, (_, n) =>
    aCoupon(`${n}`, { reward: { kind: 'amount-off', amount: BigInt(1 + ((n * 7) % 211)) } }),
  );

  expect(evaluate(basketOf(aLine('1', { quantity: '2', amount: 600n })), held).discount).toBe(211n + 211n);
});

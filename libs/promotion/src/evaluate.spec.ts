import { aCoupon, aLine, basketOf } from '../test/baskets.ts';
import { evaluate } from './evaluate.ts';
import type { BasketLine } from './basket.ts';
import type { OfferTerms } from './terms.ts';

const soap = (quantity: number) => [{ productIds: ['soap'], quantity }];
const off = (amount: bigint) => ({ kind: 'amount-off', amount }) as const;
const percent = (rateBps: number, amountMax?: bigint) =>
  ({ kind: 'percent-off', rateBps, ...(amountMax !== undefined && { amountMax }) }) as const;
const free = (quantity: number) => ({ kind: 'free-item', quantity }) as const;

/** What one coupon does on some lines. */
function one(terms: Partial<OfferTerms>, ...lines: BasketLine[]) {
  const { discount, applied, refused } = evaluate(basketOf(...lines), [aCoupon('c', terms)]);
  return { discount, lines: applied[0]?.lines, funding: applied[0]?.funding, reason: refused[0]?.reason };
}

describe('an amount off', () => {
  it('is taken once, however many pieces there are', () => {
    expect(one({ reward: off(100n) }, aLine('1', { quantity: '3', amount: 900n })).discount).toBe(100n);
  });

  it('is split over the qualifying lines by amount, ties to the front', () => {
    const lines = [aLine('1', { amount: 300n }), aLine('2', { amount: 300n }), aLine('3', { amount: 300n })];

    expect(one({ requires: soap(3), reward: off(100n) }, ...lines).lines).toEqual([
      { lineId: '1', discount: 34n },
      { lineId: '2', discount: 33n },
      { lineId: '3', discount: 33n },
    ]);
  });

  it('is never more than the pieces cost', () => {
    expect(one({ reward: off(500n) }, aLine('1', { amount: 300n })).discount).toBe(300n);
    expect(one({ reward: off(500n) }, aLine('1', { quantity: '2', amount: 600n })).discount).toBe(300n);
  });
});

describe('a percentage off', () => {
  it.each([
    { amount: 105n, rateBps: 1_000, discount: 11n, because: 'half a unit rounds up' },
    { amount: 104n, rateBps: 1_000, discount: 10n, because: 'less than half rounds down' },
    { amount: 300n, rateBps: 10_000, discount: 300n, because: 'all of it is all of it' },
    {
      amount: 9_007_199_254_740_991n,
      rateBps: 9_999,
      discount: 9_006_298_534_815_517n,
      because: 'no digit is lost',
    },
  ])('$rateBps bps of $amount is $discount: $because', ({ amount, rateBps, discount }) => {
    expect(one({ reward: percent(rateBps) }, aLine('1', { amount })).discount).toBe(discount);
  });

  it('rounds per line, not per coupon', () => {
    const lines = [aLine('1', { amount: 105n }), aLine('2', { amount: 105n })];

    expect(one({ requires: soap(2), reward: percent(1_000) }, ...lines).lines).toEqual([
      { lineId: '1', discount: 11n },
      { lineId: '2', discount: 11n },
    ]);
  });

  it('takes the pieces on which rounding gives most, even where others are dearer', () => {
    const tenPercentOfTwo = { requires: soap(2), reward: percent(1_000) };

    expect(
      one(tenPercentOfTwo, aLine('1', { quantity: '2', amount: 10n }), aLine('2', { amount: 5n })).discount,
    ).toBe(2n);
    expect(
      one(tenPercentOfTwo, aLine('1', { quantity: '2', amount: 12n }), aLine('2', { amount: 5n })).discount,
    ).toBe(2n);
  });

  it('stops at its cap, split by amount', () => {
    const lines = [aLine('1', { amount: 100n }), aLine('2', { amount: 300n })];

    expect(one({ requires: soap(2), reward: percent(5_000, 40n) }, ...lines).lines).toEqual([
      { lineId: '1', discount: 10n },
      { lineId: '2', discount: 30n },
    ]);
  });

  it('is of the pieces that the coupon takes, not of the whole line', () => {
    expect(one({ reward: percent(1_000) }, aLine('1', { quantity: '4', amount: 800n })).discount).toBe(20n);
  });
});

describe('a free item', () => {
  it('is the cheapest of the pieces taken: buy 2 get 1 free', () => {
    const lines = [aLine('1', { amount: 500n }), aLine('2', { amount: 300n }), aLine('3', { amount: 400n })];

    expect(one({ requires: soap(3), reward: free(1) }, ...lines).lines).toEqual([
      { lineId: '2', discount: 300n },
    ]);
  });

  it('is the best that the basket allows: of more pieces than required the dearest are taken', () => {
    const lines = [aLine('1', { amount: 500n }), aLine('2', { amount: 300n }), aLine('3', { amount: 400n })];

    expect(one({ requires: soap(2), reward: free(1) }, ...lines).discount).toBe(400n);
    expect(one({ requires: soap(1), reward: free(1) }, ...lines).discount).toBe(500n);
  });

  it('of a line that does not divide evenly costs the smaller piece', () => {
    expect(
      one({ requires: soap(3), reward: free(1) }, aLine('1', { quantity: '3', amount: 1_000n })).discount,
    ).toBe(333n);
  });
});

describe('the store match', () => {
  const matched = (face: bigint, amount: bigint) =>
    one({ reward: off(face), storeMatch: { party: 'store', upToTotal: 100n } }, aLine('1', { amount }));

  it.each([
    { face: 50n, match: 50n },
    { face: 75n, match: 25n },
    { face: 20n, match: 20n },
    { face: 99n, match: 1n },
  ])('adds $match to a face value of $face', ({ face, match }) => {
    expect(matched(face, 500n)).toMatchObject({
      discount: face + match,
      funding: [
        { party: 'manufacturer', amount: face },
        { party: 'store', amount: match },
      ],
    });
  });

  it.each([100n, 150n])('adds nothing to %s', (face) => {
    expect(matched(face, 500n).funding).toEqual([{ party: 'manufacturer', amount: face }]);
  });

  it('is cut before the face value where the price does not cover both', () => {
    expect(matched(50n, 80n).funding).toEqual([
      { party: 'manufacturer', amount: 50n },
      { party: 'store', amount: 30n },
    ]);
    expect(matched(50n, 30n).funding).toEqual([{ party: 'manufacturer', amount: 30n }]);
  });

  it('follows the face value that is printed, not what the price left of it', () => {
    expect(matched(75n, 60n)).toMatchObject({
      discount: 60n,
      funding: [{ party: 'manufacturer', amount: 60n }],
    });
  });

  it('adds to a percentage what is left of each line', () => {
    const terms = {
      requires: soap(2),
      reward: percent(1_000),
      storeMatch: { party: 'store', upToTotal: 100n },
    };

    expect(one(terms, aLine('1', { amount: 100n }), aLine('2', { amount: 300n })).lines).toEqual([
      { lineId: '1', discount: 20n },
      { lineId: '2', discount: 60n },
    ]);
  });
});

describe('funding', () => {
  it('is shared to the unit, ties to the party named first', () => {
    const funding = [
      { party: 'brand', shareBps: 5_000 },
      { party: 'card network', shareBps: 5_000 },
    ];

    expect(one({ funding, reward: off(101n) }, aLine('1')).funding).toEqual([
      { party: 'brand', amount: 51n },
      { party: 'card network', amount: 50n },
    ]);
  });
});

describe('a combination of sets', () => {
  const soapAndTea = {
    requires: [
      { productIds: ['soap', 'shampoo'], quantity: 2 },
      { productIds: ['tea'], quantity: 1 },
    ],
  };

  it('needs every set, each with its quantity, from any of its products', () => {
    const lines = [aLine('1'), aLine('2', { productId: 'shampoo' }), aLine('3', { productId: 'tea' })];

    expect(one(soapAndTea, ...lines).lines?.map(({ lineId }) => lineId)).toEqual(['1', '2', '3']);
    expect(one(soapAndTea, ...lines.slice(0, 2)).reason).toBe('required-products-missing');
    expect(one(soapAndTea, ...lines.slice(1)).reason).toBe('required-quantity-missing');
  });

  it('counts a piece for one set only, where sets share products', () => {
    const twice = { requires: [...soap(1), { productIds: ['soap', 'tea'], quantity: 1 }] };

    expect(one(twice, aLine('1')).reason).toBe('required-quantity-missing');
    expect(one(twice, aLine('1', { quantity: '2' })).discount).toBe(100n);
    expect(one(twice, aLine('1'), aLine('2', { productId: 'tea' })).discount).toBe(100n);
  });
});

describe('several coupons', () => {
  it('share a line, one piece each', () => {
    const { applied, refused } = evaluate(basketOf(aLine('1', { quantity: '2', amount: 386n })), [
      aCoupon('a'),
      aCoupon('b'),
      aCoupon('c'),
    ]);

    expect(applied.map(({ couponId, lines }) => ({ couponId, lines }))).toEqual([
      { couponId: 'a', lines: [{ lineId: '1', discount: 100n }] },
      { couponId: 'b', lines: [{ lineId: '1', discount: 100n }] },
    ]);
    expect(refused).toEqual([{ couponId: 'c', offerId: 'offer-of-c', reason: 'beaten-by-better-coupon' }]);
  });

  it('save the most together, where the best coupon first would save less', () => {
    const basket = basketOf(aLine('1'), aLine('2', { productId: 'tea' }));
    const both = [...soap(1), { productIds: ['tea'], quantity: 1 }];
    const { discount, applied } = evaluate(basket, [
      aCoupon('both', { requires: both, reward: off(150n) }),
      aCoupon('soap', { reward: off(100n) }),
      aCoupon('tea', { requires: [{ productIds: ['tea'], quantity: 1 }], reward: off(100n) }),
    ]);

    expect(discount).toBe(200n);
    expect(applied.map(({ couponId }) => couponId)).toEqual(['soap', 'tea']);
  });

  it('of equal totals are the fewest', () => {
    const held = [
      aCoupon('x', { reward: off(50n) }),
      aCoupon('y', { reward: off(50n) }),
      aCoupon('pair', { requires: soap(2), reward: off(100n) }),
    ];

    expect(
      evaluate(basketOf(aLine('1', { quantity: '2' })), held).applied.map(({ couponId }) => couponId),
    ).toEqual(['pair']);
  });

  it('of equal totals are the fewest, also where more coupons follow', () => {
    const held = [
      aCoupon('x', { reward: off(50n) }),
      aCoupon('y', { reward: off(50n) }),
      aCoupon('pair', { requires: soap(2), reward: off(100n) }),
      aCoupon('z', { requires: [{ productIds: ['soap', 'tea'], quantity: 1 }], reward: off(10n) }),
    ];
    const { applied } = evaluate(
      basketOf(aLine('1', { quantity: '2' }), aLine('2', { productId: 'tea' })),
      held,
    );

    expect(applied.map(({ couponId }) => couponId)).toEqual(['pair', 'z']);
  });

  it('of equal totals and number are the first given', () => {
    const held = ['third', 'first', 'second'].map((couponId) => aCoupon(couponId));

    expect(evaluate(basketOf(aLine('1')), held).applied.map(({ couponId }) => couponId)).toEqual(['third']);
  });

  it('are the first given also where an earlier one has to make room', () => {
    // The first coupon takes soap where it has the choice; only on tea does it leave the soap to the second.
    const lines = ['soap', 'tea', 'rice', 'milk'].map((productId) => aLine(productId, { productId }));
    const held = [['soap', 'tea'], ['soap'], ['tea'], ['rice', 'milk', 'soap'], ['rice']].map(
      (productIds, n) => aCoupon(`${n}`, { requires: [{ productIds, quantity: 1 }] }),
    );
    const { applied } = evaluate(basketOf(...lines), held);

    expect(applied.map(({ couponId }) => couponId)).toEqual(['0', '1', '3', '4']);
  });
});

describe('pieces', () => {
  const buyTwo = { requires: soap(2) };

  it('a weighed line is one piece however much it weighs', () => {
    const weighed = { unit: 'kg', quantity: '2.375' };

    expect(one(buyTwo, aLine('1', weighed)).reason).toBe('required-quantity-missing');
    expect(one(buyTwo, aLine('1', weighed), aLine('2', weighed)).discount).toBe(100n);
  });

  it('a quantity of zero is one piece if it costs something, and none if it does not', () => {
    expect(one({}, aLine('1', { quantity: '0.0', amount: 199n })).discount).toBe(100n);
    expect(one({}, aLine('1', { quantity: '0.0', amount: 0n })).reason).toBe('required-products-missing');
  });

  it('a fraction of a piece does not count, but a line is at least one piece', () => {
    expect(one(buyTwo, aLine('1', { quantity: '1.9' })).reason).toBe('required-quantity-missing');
    expect(one({}, aLine('1', { quantity: '0.5' })).discount).toBe(100n);
  });

  it('a very large quantity costs no more to evaluate than a small one', () => {
    const fuel = aLine('1', { quantity: '1000000000000', amount: 5_000_000_000_000n });

    expect(one({ requires: soap(2), reward: percent(5_000) }, fuel).discount).toBe(5n);
  });
});

describe('a refusal says why', () => {
  it.each([
    { reason: 'currency-differs', terms: { currency: 'EUR' }, line: {} },
    { reason: 'required-products-missing', terms: {}, line: { productId: 'tea' } },
    { reason: 'required-quantity-missing', terms: { requires: soap(2) }, line: {} },
    { reason: 'not-discountable', terms: {}, line: { discountable: false } },
    { reason: 'nothing-left-to-discount', terms: {}, line: { amount: 0n } },
    { reason: 'nothing-left-to-discount', terms: { reward: percent(10) }, line: { amount: 49n } },
  ])('$reason', ({ reason, terms, line }) => {
    expect(one(terms, aLine('1', line)).reason).toBe(reason);
  });

  it('an empty basket refuses every coupon, and no coupons give no discount', () => {
    expect(one({}).reason).toBe('required-products-missing');
    expect(evaluate(basketOf(aLine('1')), [])).toEqual({
      discount: 0n,
      applied: [],
      refused: [],
      missedAtMost: 0n,
    });
  });
});

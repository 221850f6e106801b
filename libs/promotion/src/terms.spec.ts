import { aCoupon, aLine, basketOf } from '../test/baskets.ts';
import type { BasketLine } from './basket.ts';
import { evaluate } from './evaluate.ts';
import type { OfferTerms } from './terms.ts';

const each = (lineId: string, amount: bigint, changes: Partial<BasketLine> = {}) =>
  aLine(lineId, { amount, productId: lineId, ...changes });
const set = (productIds: string[], quantity = 1) => ({ productIds, quantity });
const off = (amount: bigint) => ({ kind: 'amount-off', amount }) as const;
const all = { kind: 'percent-off', rateBps: 10_000 } as const;

/** What one coupon does on some lines, or why it does nothing. */
function one(terms: Partial<OfferTerms>, ...lines: BasketLine[]) {
  const { applied, refused } = evaluate(basketOf(...lines), [aCoupon('c', terms)]);
  return applied[0]?.discount ?? refused[0]!.reason;
}

describe('what an offer can require', () => {
  const kilogram = (lineId: string, quantity: string, amount: bigint) =>
    each(lineId, amount, { unit: 'kg', quantity });
  const halfKilogram = { requires: [{ ...set(['a', 'b']), measure: { unit: 'kg', atLeast: '0.5' } }] };

  it('a weight, of several pieces together', () => {
    expect(one(halfKilogram, kilogram('a', '0.499', 300n))).toBe('required-quantity-missing');
    expect(one(halfKilogram, kilogram('a', '0.5', 300n))).toBe(100n);
    expect(one(halfKilogram, kilogram('a', '0.2', 30n), kilogram('b', '0.3', 40n))).toBe(70n);
    expect(one(halfKilogram, each('a', 300n))).toBe('required-quantity-missing');
  });

  it('money spent on products, of several pieces together', () => {
    const ten = {
      requires: [{ ...set(['a', 'b']), spendMin: 1_000n }],
      reward: { kind: 'percent-off', rateBps: 1_000 } as const,
    };
    expect(one(ten, each('a', 999n))).toBe('required-quantity-missing');
    expect(one(ten, each('a', 600n), each('b', 400n))).toBe(100n);
  });

  it('pieces up to a number', () => {
    const upToThree = { requires: [{ ...set(['a'], 2), quantityMax: 3 }], reward: all };
    expect(one(upToThree, each('a', 100n))).toBe('required-quantity-missing');
    expect(one(upToThree, each('a', 500n, { quantity: '5' }))).toBe(300n);
  });

  it('a condition on the basket beside', () => {
    const from = (amount: bigint) => ({
      conditions: [{ kind: 'min-subtotal' as const, amount }],
      requires: [set(['a'])],
    });
    expect(one(from(400n), each('a', 300n), each('b', 100n))).toBe(100n);
    expect(one(from(401n), each('a', 300n), each('b', 100n))).toBe('condition-not-met');
  });
});

describe('what an offer can give', () => {
  it('a fixed price for the pieces together, and nothing where they cost less', () => {
    const bundle = {
      requires: [set(['a']), set(['b'])],
      reward: { kind: 'fixed-price', amount: 500n } as const,
    };
    expect(one(bundle, each('a', 400n), each('b', 300n))).toBe(200n);
    expect(one(bundle, each('a', 200n), each('b', 300n))).toBe('nothing-left-to-discount');
  });

  it.each([
    { on: { kind: 'cheapest', quantity: 1 }, discount: 100n },
    { on: { kind: 'dearest', quantity: 1 }, discount: 300n },
    { on: { kind: 'set', set: 1 }, discount: 100n },
  ] as const)('a percentage on the $on.kind of what it takes', ({ on, discount }) => {
    const terms = { requires: [set(['a']), set(['b'])], reward: { ...all, on } };
    expect(one(terms, each('a', 300n), each('b', 100n))).toBe(discount);
  });

  it('an amount or a percentage on the whole basket', () => {
    const lines = [each('a', 300n), each('b', 100n), each('deposit', 50n, { discountable: false })];
    expect(one({ requires: [], reward: off(150n) }, ...lines)).toBe(150n);
    expect(one({ requires: [], reward: { kind: 'percent-off', rateBps: 1_000 } }, ...lines)).toBe(40n);
    expect(one({ requires: [], reward: { kind: 'free-item', quantity: 1 } }, ...lines)).toBe(100n);
  });

  it('free delivery, which is no product', () => {
    const on = { kind: 'lines', target: 'delivery', allocation: 'each-line' } as const;
    expect(
      one({ requires: [], reward: { ...all, on } }, each('a', 300n), each('van', 500n, { kind: 'delivery' })),
    ).toBe(500n);
  });

  it('a benefit beside a discount, or instead of one', () => {
    const ticket = { kind: 'ticket', event: 'zoo', admits: 2 } as const;
    const benefit = { kind: 'benefit', benefit: ticket } as const;
    const applied = (terms: Partial<OfferTerms>) =>
      evaluate(basketOf(each('soap', 300n)), [aCoupon('c', terms)]).applied;
    expect(applied({ reward: benefit })).toMatchObject([
      { discount: 0n, lines: [], funding: [], benefit: ticket },
    ]);
    expect(applied({ reward: { kind: 'several', rewards: [off(50n), benefit] } })).toMatchObject([
      { discount: 50n, benefit: ticket },
    ]);
    expect(one({ requires: [set(['tea'])], reward: benefit }, each('soap', 300n))).toBe(
      'required-products-missing',
    );
  });

  it('the same several times in one basket, each time on other pieces', () => {
    const twice = { requires: [set(['a'], 2)], usesPerBasket: 2 };
    expect(one(twice, each('a', 900n, { quantity: '3' }))).toBe(100n);
    expect(one(twice, each('a', 1_500n, { quantity: '5' }))).toBe(200n);
  });
});

describe('a floor', () => {
  it('stops a coupon on pieces, line by line', () => {
    const floored = each('a', 600n, { quantity: '2', amountMin: 500n });
    expect(one({ requires: [set(['a'])], reward: off(100n) }, floored)).toBe(50n);
    expect(one({ requires: [set(['a'], 2)], reward: { kind: 'percent-off', rateBps: 5_000 } }, floored)).toBe(
      100n,
    );
  });

  it('lets a coupon take the piece that has more room, though it is cheaper', () => {
    const lines = [each('a', 600n, { amountMin: 590n }), each('b', 300n)];
    expect(one({ requires: [set(['a', 'b'])], reward: off(100n) }, ...lines)).toBe(100n);
  });
});

describe('offers that exclude each other', () => {
  const basket = basketOf(each('a', 1_000n), each('b', 1_000n));
  const on = (couponId: string, product: string, amount: bigint, stacking: OfferTerms['stacking'] = {}) =>
    aCoupon(couponId, { requires: [set([product])], reward: off(amount), stacking });
  const order = (couponId: string, amount: bigint, stacking: OfferTerms['stacking']) =>
    aCoupon(couponId, { requires: [], reward: off(amount), stacking });

  it.each([
    { alone: 150n, applied: ['x', 'y'], because: 'the others save more together' },
    { alone: 250n, applied: ['alone'], because: 'it saves more alone' },
  ])('an exclusive one of $alone: $applied, for $because', ({ alone, applied }) => {
    const coupons = [on('x', 'a', 100n), on('y', 'b', 100n), on('alone', 'a', alone, { exclusive: true })];
    const evaluation = evaluate(basket, coupons);
    expect(evaluation.applied.map(({ couponId }) => couponId)).toEqual(applied);
    expect(new Set(evaluation.refused.map(({ reason }) => reason))).toEqual(
      new Set(['excluded-by-other-offer']),
    );
  });

  it('of a group on the order the best, beside all else', () => {
    const coupons = [
      order('x', 50n, { group: 'week' }),
      order('y', 70n, { group: 'week' }),
      on('z', 'a', 100n),
    ];
    expect(evaluate(basket, coupons).applied.map(({ couponId }) => couponId)).toEqual(['y', 'z']);
  });

  it('a budget that the dearest piece would overflow pays for a cheaper one', () => {
    const half = aCoupon('x', { reward: { kind: 'percent-off', rateBps: 5_000 } });
    const budget = { kind: 'spend', limit: 60n, used: 0n } as const;
    const basket = basketOf(aLine('1', { amount: 200n }), aLine('2', { amount: 100n }));

    expect(evaluate(basket, [{ ...half, budget }]).discount).toBe(50n);
  });

  it('a coupon that its budget cannot pay makes room for the next', () => {
    const poor = { ...on('x', 'a', 200n), budget: { kind: 'spend', limit: 500n, used: 301n } as const };
    const { applied, refused } = evaluate(basket, [poor, on('y', 'a', 100n)]);
    expect(applied.map(({ couponId }) => couponId)).toEqual(['y']);
    expect(refused).toMatchObject([{ couponId: 'x', reason: 'campaign-budget-exceeded' }]);
  });
});

it('says an honest bound where a coupon has too many ways to look at', () => {
  const lines = Array.from({ length: 40 }, (_, n) => each(`p${n}`, BigInt(101 + 13 * n)));
  const everything = lines.map(({ productId }) => productId);
  const coupons = Array.from({ length: 3 }, (_, n) =>
    aCoupon(`${n}`, { requires: [set(everything, 6)], reward: { kind: 'percent-off', rateBps: 3_000 + n } }),
  );
  const { discount, missedAtMost } = evaluate(basketOf(...lines), coupons);
  // The eighteen dearest pieces, of which the highest rates take the dearest.
  const dearest = lines.map(({ amount }) => Number(amount)).sort((a, b) => b - a);
  const reachable = [2, 1, 0].reduce(
    (sum, n, at) =>
      sum +
      dearest
        .slice(6 * at, 6 * at + 6)
        .reduce((part, price) => part + Math.floor((price * (3_000 + n) + 5_000) / 10_000), 0),
    0,
  );
  expect(discount + missedAtMost).toBeGreaterThanOrEqual(BigInt(reachable));
});

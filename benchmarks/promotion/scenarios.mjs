/** Promotions and baskets in a notation of this benchmark; `couplet.mjs` and `medusa.mjs` each translate it. */

/** Lines of one to three pieces at different prices, minor units. */
export function basketOf(lines) {
  return Array.from({ length: lines }, (_, n) => ({
    id: `p${n}`,
    quantity: 1 + (n % 3),
    unitPrice: 200 + ((n * 37) % 60) * 25,
  }));
}

/**
 * Percentages and amounts, on products, per piece and on the whole order, in turns; in the order in which Medusa
 * applies them, the greater value first, whether it is percent or dollars.
 */
export function promotionsOf(count, lines) {
  const products = (n) => Array.from({ length: 40 }, (_, k) => `p${(n * 5 + k) % Math.max(lines, 40)}`);
  const kinds = [
    (n) => ({ kind: 'percent', on: 'products', products: products(n), value: 12 - (n % 10) }),
    (n) => ({ kind: 'amount', on: 'each-piece', products: products(n), value: 20 + n }),
    (n) => ({ kind: 'amount', on: 'order', value: 100 + n }),
    () => ({ kind: 'percent', on: 'order', value: 5 }),
  ];
  const valueOf = ({ kind, value }) => (kind === 'percent' ? value : value / 100);
  return Array.from({ length: count }, (_, n) => ({ code: `P${n}`, ...kinds[n % kinds.length](n) })).sort(
    (a, b) => valueOf(b) - valueOf(a),
  );
}

/** Small cases in which nothing has to be rounded, so that both must come to the same minor unit. */
export const EXACT = [
  {
    because: 'an amount per piece is at most the price',
    basket: [line('tshirt', 1, 10_000), line('sweater', 5, 15_000)],
    promotions: [
      { code: 'A', kind: 'amount', on: 'each-piece', products: ['tshirt', 'sweater'], value: 20_000 },
    ],
    discounts: { tshirt: 10_000, sweater: 75_000 },
  },
  {
    because: 'percentages of two promotions compound',
    basket: [line('tshirt', 1, 5_000), line('sweater', 1, 15_000)],
    promotions: [
      { code: 'A', kind: 'percent', on: 'products', products: ['tshirt', 'sweater'], value: 10 },
      { code: 'B', kind: 'percent', on: 'products', products: ['tshirt', 'sweater'], value: 10 },
    ],
    discounts: { tshirt: 950, sweater: 2_850 },
  },
  {
    because: 'an amount on the order is split by price, and the next by what is left',
    basket: [line('tshirt', 1, 5_000), line('sweater', 1, 15_000)],
    promotions: [
      { code: 'A', kind: 'amount', on: 'order', value: 3_000 },
      { code: 'B', kind: 'amount', on: 'order', value: 5_000 },
    ],
    discounts: { tshirt: 2_000, sweater: 6_000 },
  },
  {
    because: 'a promotion on other products gives nothing',
    basket: [line('tshirt', 2, 5_000)],
    promotions: [{ code: 'A', kind: 'percent', on: 'products', products: ['mug'], value: 50 }],
    discounts: { tshirt: 0 },
  },
];

function line(id, quantity, unitPrice) {
  return { id, quantity, unitPrice };
}

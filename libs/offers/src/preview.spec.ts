import type { OfferConditions, OfferTerms } from '@couplet/contracts';
import type { OfferResult } from './offer-tally.ts';
import { type PastBasket, Preview } from './preview.ts';

const terms = (over: Partial<OfferTerms> = {}): OfferTerms => ({
  currency: 'USD',
  requires: [{ productIds: ['milk'], quantity: 1 }],
  reward: { kind: 'amount-off', amount: 100n },
  funding: [
    { party: 'dairy', shareBps: 7_500 },
    { party: 'store', shareBps: 2_500 },
  ],
  ...over,
});
const conditions = (over: Partial<OfferConditions> = {}): OfferConditions => ({
  purposes: ['purchase'],
  validFrom: '2030-01-01T00:00:00Z',
  validTo: '2030-02-01T00:00:00Z',
  ...over,
});
const basket = (day: number, over: Partial<PastBasket> = {}, products = ['milk']): PastBasket => ({
  atMs: Date.UTC(2017, 2, day, 17),
  storeId: '309',
  purpose: 'purchase',
  currency: 'USD',
  lines: products.map((productId, index) => ({
    lineId: String(index),
    productId,
    quantity: '1',
    unit: 'each',
    amount: 250n,
    discountable: true,
  })),
  ...over,
});
function preview(
  offers: { offerId: string; terms: OfferTerms; conditions: OfferConditions }[],
  baskets: PastBasket[],
  heedDates = false,
) {
  const previewed = new Preview(offers, { heedDates });
  for (const each of baskets) previewed.add(each);
  return previewed.results();
}
const DAYS = Array.from({ length: 10 }, (_, index) => index + 1);

it('counts baskets, uses and who pays, as if the window were open', () => {
  const offers = [{ offerId: 'o', terms: terms(), conditions: conditions() }];
  const baskets = [basket(1), basket(2, {}, ['bread']), basket(3, {}, ['milk', 'milk', 'bread'])];
  expect(preview(offers, baskets)).toEqual([
    {
      offerId: 'o',
      basketsTouched: 2,
      uses: 2,
      currency: 'USD',
      discount: 200n,
      byParty: [
        { party: 'dairy', amount: 150n },
        { party: 'store', amount: 50n },
      ],
    },
  ]);
  expect(preview(offers, baskets, true)).toMatchObject([{ basketsTouched: 0, uses: 0, discount: 0n }]);
});

it.each<[limits: OfferConditions['limits'], result: Partial<OfferResult>]>([
  [{ budget: 450n }, { uses: 4, discount: 400n, budgetRanOutAt: '2017-03-05T17:00:00.000Z' }],
  [{ budget: 400n }, { uses: 4, discount: 400n, budgetRanOutAt: '2017-03-05T17:00:00.000Z' }],
  [{ uses: 3 }, { uses: 3, discount: 300n, usesRanOutAt: '2017-03-04T17:00:00.000Z' }],
  [{ budget: 1_000n }, { uses: 10, discount: 1_000n }],
])('with limits %j ends at %j', (limits, result) => {
  const offers = [{ offerId: 'o', terms: terms(), conditions: conditions({ limits }) }];
  const [previewed] = preview(
    offers,
    DAYS.map((day) => basket(day)),
  );
  expect(previewed).toMatchObject({ ...result, basketsTouched: 10 });
  expect(previewed!.budgetRanOutAt).toBe(result.budgetRanOutAt);
  expect(previewed!.usesRanOutAt).toBe(result.usesRanOutAt);
});

it('gives the basket to the next best offer when the budget of the best is spent', () => {
  const offers = [
    { offerId: 'best', terms: terms(), conditions: conditions({ limits: { budget: 300n } }) },
    {
      offerId: 'next',
      terms: terms({ reward: { kind: 'amount-off', amount: 40n } }),
      conditions: conditions(),
    },
  ];
  expect(
    preview(
      offers,
      DAYS.map((day) => basket(day)),
    ),
  ).toMatchObject([
    { offerId: 'best', uses: 3, discount: 300n },
    { offerId: 'next', uses: 7, discount: 280n },
  ]);
});

it.each([
  ['another store', conditions({ stores: ['310'] }), {}],
  ['another purpose', conditions({ purposes: ['rental'] }), {}],
  ['a holder of another segment', conditions({ segments: [{ tier: 'gold' }] }), {}],
  ['another medium', conditions({ mediumKinds: ['point-card'] }), { mediumKinds: ['credit-card' as const] }],
  [
    'hours of another time of day',
    conditions({ hours: [{ days: ['wednesday'], from: '18:00', to: '20:00' }] }),
    { timeZone: 'America/New_York' },
  ],
])('leaves out %s', (_what, asked, over) => {
  const offers = [{ offerId: 'o', terms: terms(), conditions: asked }];
  expect(preview(offers, [basket(1, over)])).toMatchObject([{ basketsTouched: 0, uses: 0 }]);
});

it('keeps the limit per holder', () => {
  const offers = [{ offerId: 'o', terms: terms(), conditions: conditions({ limits: { usesPerHolder: 2 } }) }];
  const holder = (holderId: string) => ({ holder: { holderId, attributes: {} } });
  const baskets = [
    ...[1, 2, 3].map((day) => basket(day, holder('a'))),
    basket(4, holder('b')),
    basket(5),
    basket(6),
    basket(7),
  ];
  expect(preview(offers, baskets)).toMatchObject([{ uses: 6, basketsTouched: 6 }]);
});

it('looks at no offer that the basket does not touch', () => {
  const read = new Set<string>();
  const offers = ['milk', 'bread', 'tea'].map((product) => {
    const offer = {
      offerId: product,
      terms: terms({ requires: [{ productIds: [product], quantity: 1 }] }),
      conditions: conditions(),
    };
    return new Proxy(offer, {
      get: (target, name) => {
        read.add(product);
        return Reflect.get(target, name) as unknown;
      },
    });
  });
  const previewed = new Preview(offers, { heedDates: false });
  read.clear();

  previewed.add(basket(1, {}, ['tea', 'milk']));

  expect([...read].sort()).toEqual(['milk', 'tea']);
  expect(previewed.results().map(({ uses }) => uses)).toEqual([1, 0, 1]);
});

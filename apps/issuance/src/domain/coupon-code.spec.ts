import type { OfferTerms } from '@couplet/contracts';
import { UPC_VALUE_CODES } from '@couplet/promotion';
import fc from 'fast-check';
import { codeOf } from './coupon-code.ts';
import type { Draft } from './draft.ts';
import { draftOf, type PaperCouponDraft } from './paper-coupon.ts';

const CONDITIONS = { purposes: ['purchase'], validFrom: '2030-01-01T00:00', validTo: '2031-01-01T00:00' };
const UPC = { kind: 'upc-a', manufacturer: '36200', family: '123' } as const;
/** 2.50 off one piece of family 100, from 2030-01-01 to 2030-12-31. */
const GS1 = '10614141654321325011010033012314300101';

function drafted(coupon: PaperCouponDraft['coupon'], over: Partial<PaperCouponDraft> = {}): Draft {
  const paper = { offerId: 'o', campaignId: 'c', title: 'A coupon', coupon, ...over };
  const draft = draftOf({ products: [{ productIds: ['1', '2'] }], conditions: CONDITIONS, ...paper });
  if ('field' in draft) throw new Error(`${draft.field}: ${draft.detail}`);
  return draft;
}
const ofUpc = (change: Partial<OfferTerms> = {}) => {
  const { terms } = drafted({ kind: 'upc-a', code: '53620012355' });
  return codeOf({ terms: { ...terms, ...change }, conditions: CONDITIONS }, UPC);
};
const ofGs1 = (change: Partial<OfferTerms> = {}, like = GS1, over: Partial<Draft['conditions']> = {}) => {
  const { terms, conditions } = drafted({ kind: 'gs1-8110', data: GS1 });
  const offer = { terms: { ...terms, ...change }, conditions: { ...conditions, ...over } };
  return codeOf(offer, { kind: 'gs1-8110', like });
};

it.each(Object.keys(UPC_VALUE_CODES))('value code %s is written as it was read', (valueCode) => {
  const draft = drafted({ kind: 'upc-a', code: `536200123${valueCode}` });
  const written = codeOf(draft, UPC);
  expect(written).toEqual({ code: expect.stringMatching(`^536200123${valueCode}[0-9]$`) });
  if ('code' in written) expect(drafted({ kind: 'upc-a', code: written.code })).toEqual(draft);
});

it('says what an offer promises now, and until when', () => {
  const requires = [{ productIds: ['1'], quantity: 2 }];
  const reward = { kind: 'percent-off', rateBps: 1_000 } as const;
  const written = ofGs1({ requires, reward }, GS1, { validTo: '2030-03-01T00:00:00' });
  expect(written).toEqual({ code: '106141416543212101201003300228430010195000' });
  expect(ofUpc({ reward: { kind: 'amount-off', amount: 1_000n } })).toEqual({ code: '536200123619' });
});

it('says whatever weight is meant, however it is written, and what is meant by saying nothing', () => {
  const requires = [{ productIds: ['1'], quantity: 1, measure: { unit: 'lb', atLeast: '1.5' } }];
  expect(ofGs1({ requires })).toEqual({ code: '1061414165432132503150310033012314300101' });
  const nothing = { usesPerBasket: 1, conditions: [], stacking: { priority: 0, exclusive: false } };
  expect(ofUpc(nothing)).toEqual(ofUpc());
});

describe('a UPC-A code does not say', () => {
  const set = { productIds: ['1'], quantity: 1 };
  it.each<[string, Partial<OfferTerms>, field: string, why: RegExp]>([
    [
      'another amount',
      { reward: { kind: 'amount-off', amount: 1_050n } },
      'reward.amount',
      /takes 1050 off 1; off 1 they take 10, 12, .*1000$/,
    ],
    ['five pieces', { requires: [{ ...set, quantity: 5 }] }, 'reward.amount', /an amount off 1 to 4 pieces/],
    [
      'a percentage',
      { reward: { kind: 'percent-off', rateBps: 1_000 } },
      'reward.kind',
      /none says percent-off/,
    ],
    [
      'two free',
      { requires: [{ ...set, quantity: 2 }], reward: { kind: 'free-item', quantity: 2 } },
      'reward.quantity',
      /not 2 of 2/,
    ],
    ['the whole basket', { requires: [] }, 'requires', /has 0 sets/],
    ['a combination', { requires: [set, set] }, 'requires', /has 2 sets/],
    [
      'a weight',
      { requires: [{ ...set, measure: { unit: 'kg', atLeast: '1' } }] },
      'requires[0].measure',
      /counts pieces/,
    ],
    [
      'an amount off lines',
      {
        reward: {
          kind: 'amount-off',
          amount: 55n,
          on: { kind: 'lines', target: 'order', allocation: 'across' },
        },
      },
      'reward.on',
      /on the pieces/,
    ],
    ['another currency', { currency: 'EUR' }, 'currency', /would say "USD", not "EUR"/],
    [
      'a condition',
      { conditions: [{ kind: 'any-line-quantity', quantity: 2 }] },
      'conditions[0]',
      /no such code says .*any-line-quantity/,
    ],
    ['several uses', { usesPerBasket: 3 }, 'usesPerBasket', /would say 1, not 3/],
    ['that it stands alone', { stacking: { exclusive: true } }, 'stacking.exclusive', /would say false/],
  ])('%s', (_what, change, field, why) => {
    const unsayable = [{ field: `terms.${field}`, detail: expect.stringMatching(why) }];
    expect(ofUpc(change)).toEqual({ unsayable });
  });

  it('several things at once, and tells all of them', () => {
    const written = ofUpc({ currency: 'EUR', usesPerBasket: 2, requires: [] });
    expect('unsayable' in written && written.unsayable.map(({ field }) => field)).toEqual([
      'terms.requires',
      'terms.currency',
      'terms.usesPerBasket',
    ]);
  });
});

describe('AI (8110) does not say', () => {
  const set = { productIds: ['1'], quantity: 1 };
  it.each<[string, Partial<OfferTerms>, field: string, why: RegExp]>([
    [
      'half a percent',
      { reward: { kind: 'percent-off', rateBps: 1_050 } },
      'reward.rateBps',
      /without decimals/,
    ],
    [
      'a limited percentage',
      { reward: { kind: 'percent-off', rateBps: 1_000, amountMax: 5n } },
      'reward.amountMax',
      /no limit/,
    ],
    [
      'a benefit',
      { reward: { kind: 'benefit', benefit: { kind: 'upgrade', to: 'first' } } },
      'reward.kind',
      /not benefit/,
    ],
    [
      'a litre',
      { requires: [{ ...set, measure: { unit: 'l', atLeast: '1' } }] },
      'requires[0].measure.unit',
      /lb or kg/,
    ],
    [
      'a gram',
      { requires: [{ ...set, measure: { unit: 'kg', atLeast: '0.0005' } }] },
      'requires[0].measure.atLeast',
      /would say 0, not 0.0005/,
    ],
    [
      'more sets than the string names',
      { requires: [set, set] },
      'requires',
      /^2 sets and 0 sums .* for other purchases$/,
    ],
    [
      'a thousand dollars',
      { reward: { kind: 'amount-off', amount: 100_000n } },
      'reward',
      /more than 5 digits/,
    ],
    [
      'spending of a thousand',
      { requires: [{ ...set, spendMin: 100_000n }] },
      'requires',
      /more than 5 digits/,
    ],
    [
      'two free of one',
      { reward: { kind: 'free-item', quantity: 2 } },
      'reward',
      /reward-on-part-of-the-purchase/,
    ],
    [
      'the dearest',
      { reward: { kind: 'percent-off', rateBps: 5_000, on: { kind: 'dearest', quantity: 1 } } },
      'reward.on',
      /no such code says .*dearest/,
    ],
    [
      'delivery',
      {
        reward: {
          kind: 'amount-off',
          amount: 5n,
          on: { kind: 'lines', target: 'delivery', allocation: 'across' },
        },
      },
      'reward.on.target',
      /would say "order", not "delivery"/,
    ],
    [
      'more pieces than required',
      { requires: [{ ...set, quantityMax: 3 }] },
      'requires[0].quantityMax',
      /no such code says 3/,
    ],
    ['another currency', { currency: 'CAD' }, 'currency', /would say "USD", not "CAD"/],
    ['several uses', { usesPerBasket: 3 }, 'usesPerBasket', /would say 1, not 3/],
  ])('%s', (_what, change, field, why) => {
    const unsayable = [{ field: `terms.${field}`, detail: expect.stringMatching(why) }];
    expect(ofGs1(change)).toEqual({ unsayable });
  });

  it.each([
    ['an instant', { validTo: '2031-01-01T00:00:00Z' }, 'conditions.validTo'],
    ['an hour', { validFrom: '2030-01-01T08:00' }, 'conditions.validFrom'],
    ['another century', { validTo: '2100-01-02T00:00' }, 'conditions.validTo'],
  ])('%s', (_what, window, field) => {
    expect(ofGs1({}, GS1, window)).toEqual({
      unsayable: [{ field, detail: expect.stringContaining('whole days') }],
    });
  });

  it('a day where the string has none', () => {
    const undated = GS1.slice(0, -14);
    expect(ofGs1({}, undated, { validTo: '2031-01-01T00:00:00Z' })).toEqual({ code: undated });
  });

  it('what the string cannot be', () => {
    expect(ofGs1({}, '1061')).toEqual({ unsayable: [{ field: 'as.like', detail: 'COUPON_TRUNCATED_GCP' }] });
    const alone = `${GS1}90001`;
    expect(ofGs1({ storeMatch: { party: 'store', upToTotal: 300n } }, alone)).toMatchObject({
      unsayable: [{ field: 'terms.storeMatch' }],
    });
    const long = `6123456789012654321` + `11110100${GS1.slice(-14)}59123456789012345641234567890`;
    expect(ofGs1({ reward: { kind: 'amount-off', amount: 99_999n } }, long)).toMatchObject({
      unsayable: [{ field: 'as.like', detail: expect.stringMatching(/has 7\d digits, at most 70/) }],
    });
  });

  it('sets of different products by one family', () => {
    const like = `106141416543213250` + '110100' + '11' + '1101009'; // Both purchases are of family 100.
    const requires = (second: string) => [set, { ...set, productIds: [second] }];
    expect(ofGs1({ requires: requires('1') }, like)).toEqual({ code: like });
    expect(ofGs1({ requires: requires('2') }, like)).toMatchObject({
      unsayable: [{ field: 'terms.requires[0].productIds' }, { field: 'terms.requires[1].productIds' }],
    });
  });
});

const digits = (length: number) =>
  fc
    .array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length })
    .map((all) => all.join(''));
const sized = (least: number, most: number, lengthBase: number) =>
  fc
    .integer({ min: least, max: most })
    .chain((length) => digits(length).map((text) => `${length - lengthBase}${text}`));
const amount = fc.integer({ min: 1, max: 99_999 }).map((value) => `${String(value).length}${value}`);
const asked = fc
  .tuple(fc.integer({ min: 1, max: 999 }), fc.constantFrom('0', '1', '2', '3', '4'), digits(3))
  .map(([value, code, family]) => `${String(value).length}${value}${code}${family}`);
const more = fc.tuple(asked, fc.oneof(fc.constant('9'), sized(6, 12, 6))).map((parts) => parts.join(''));
const often = (arbitrary: fc.Arbitrary<string>) => fc.oneof(arbitrary, fc.constant(''));
const strings = fc
  .tuple(
    ...[sized(6, 12, 6), digits(6), fc.oneof(amount, fc.constantFrom('10', '11', '215')), asked],
    ...[often(fc.tuple(fc.constantFrom('10', '11', '12', '13'), more).map((parts) => parts.join('')))],
    ...[
      often(more.map((purchase) => `2${purchase}`)),
      often(fc.constant('3301231')),
      often(fc.constant('4300101')),
    ],
    ...[
      often(sized(6, 15, 6).map((serial) => `5${serial}`)),
      often(fc.stringMatching(/^9[01256][012][0-9][01]$/)),
    ],
  )
  .map((parts) => parts.join(''))
  .filter((text) => text.length <= 70);

it('any string that makes an offer is written as it was read', () => {
  let offers = 0;
  fc.assert(
    fc.property(strings, (data) => {
      const paper = {
        offerId: 'o',
        campaignId: 'c',
        title: 'A coupon',
        coupon: { kind: 'gs1-8110', data },
      } as const;
      const draft = draftOf({ ...paper, products: [{ productIds: ['1', '2'] }], conditions: CONDITIONS });
      if ('field' in draft) return;
      offers++;
      expect(codeOf(draft, { kind: 'gs1-8110', like: data })).toEqual({ code: data });
    }),
    { numRuns: 500 },
  );
  expect(offers).toBeGreaterThan(100);
});

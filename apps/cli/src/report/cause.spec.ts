import { causeOf, type Evidence } from './cause.ts';

const amounts = (manufacturer: bigint, store = 0n) => ({ manufacturer, store });
const nothing = amounts(0n);

/** A 50 cent coupon, doubled by the store, that the replay did not apply. */
const evidence = (changes: Partial<Evidence>): Evidence => ({
  recorded: amounts(50n, 50n),
  computed: nothing,
  answered: 'approved',
  alone: { applied: amounts(50n, 50n) },
  rivals: [],
  usedEarlier: false,
  othersOnLine: false,
  ...changes,
});

describe('why recorded and computed differ', () => {
  it('needs no cause when both sides agree', () => {
    expect(causeOf(evidence({ computed: amounts(50n, 50n) }))).toBeUndefined();
  });

  it.each<[string, Partial<Evidence>]>([
    ['value-not-encoded', { alone: undefined }],
    ['settlement-not-approved', { answered: 'not-approved' }],
    ['coupon-search-missed', { answered: 'search-missed' }],
    ['purchase-requirement-not-in-sample', { alone: { refused: 'required-quantity-missing' } }],
    ['not-applied-not-discountable', { alone: { refused: 'not-discountable' } }],
    ['two-coupons-on-one-line', { recorded: amounts(100n, 100n), computed: amounts(50n, 50n) }],
    ['two-coupons-on-one-line', { recorded: amounts(150n, 50n), rivals: [amounts(100n)] }],
    ['line-records-another-redemption', { recorded: amounts(100n), rivals: [amounts(100n)] }],
    ['line-records-another-redemption', { rivals: [amounts(50n, 50n)] }],
    ['recorded-not-the-encoded-value', { recorded: amounts(55n, 45n), computed: amounts(50n, 50n) }],
    ['used-on-an-earlier-receipt', { usedEarlier: true, othersOnLine: true }],
    ['another-coupon-applied', { othersOnLine: true }],
    ['unexplained', {}],
    ['unexplained', { computed: amounts(50n, 0n), usedEarlier: true }],
  ])('%s', (cause, changes) => {
    expect(causeOf(evidence(changes))).toBe(cause);
  });
});

import type { AppliedCoupon, Capabilities } from '@couplet/contracts';
import { needsSearch, recombine, recombineSecond, type CardAnswer, type CouponAnswer } from './recombine.ts';

const CAN_ALL: Capabilities = {
  shrink: true,
  finalPartialCapture: true,
  secondAuthorization: true,
  partialApproval: true,
  refund: true,
};
const approval = { approvalCode: 'A1', networkReference: 'r1' };
const approved: CardAnswer = { kind: 'approved', approval };
const short: CardAnswer = { kind: 'insufficient-funds' };
const off = (discount: bigint): AppliedCoupon => ({
  couponId: 'c',
  offerId: 'o',
  title: 't',
  discount,
  lines: [{ lineId: '1', discount }],
  funding: [{ party: 'p', amount: discount }],
});
const found = (...discounts: bigint[]): CouponAnswer => ({
  couponSearch: 'found',
  coupons: discounts.map(off),
});
const none: CouponAnswer = { couponSearch: 'none' };

describe('at a price of 386', () => {
  it.each<[string, CardAnswer, CouponAnswer, Partial<Capabilities>, object]>([
    [
      'no coupon keeps the price',
      approved,
      none,
      {},
      { kind: 'grant', amount: 386n, authorization: 'approved', strategy: 'none' },
    ],
    [
      'a late search keeps the price',
      approved,
      { couponSearch: 'late' },
      {},
      { kind: 'grant', amount: 386n, couponSearch: 'late' },
    ],
    [
      'a coupon is granted',
      approved,
      found(100n),
      {},
      { kind: 'grant', amount: 286n, authorization: 'approved', strategy: 'shrink', approval },
    ],
    ['two coupons add up', approved, found(100n, 86n), {}, { kind: 'grant', amount: 200n }],
    [
      'a coupon without effect is not used up',
      approved,
      found(100n, 0n),
      {},
      { amount: 286n, coupons: [off(100n)] },
    ],
    [
      'a discount of the whole price holds nothing',
      approved,
      found(386n),
      {},
      { kind: 'grant', amount: 0n, authorization: 'given-up' },
    ],
    [
      'a discount above the price is not believed',
      approved,
      found(387n),
      {},
      { kind: 'grant', amount: 386n, coupons: [] },
    ],
    [
      'a rail that only captures less keeps its hold',
      approved,
      found(100n),
      { shrink: false },
      { amount: 286n, authorization: 'approved-unshrinkable', strategy: 'final-capture' },
    ],
    [
      'a rail that can do neither keeps the price',
      approved,
      found(100n),
      { shrink: false, finalPartialCapture: false },
      { amount: 386n, coupons: [], couponSearch: 'found' },
    ],
    [
      'F6: short of funds asks again at the discounted price',
      short,
      found(100n),
      {},
      { kind: 'ask-again', amount: 286n },
    ],
    [
      'F6: short of funds with all paid by coupons asks nothing',
      short,
      found(386n),
      {},
      { kind: 'grant', amount: 0n, authorization: 'declined' },
    ],
    [
      'short of funds without a coupon ends it',
      short,
      none,
      {},
      { kind: 'abandon', reason: 'insufficient-funds', authorization: 'declined' },
    ],
    [
      'short of funds where nothing may be asked again ends it',
      short,
      found(100n),
      { secondAuthorization: false },
      { kind: 'abandon', authorization: 'declined' },
    ],
    [
      'F7: declined otherwise ends it, whatever the coupons',
      { kind: 'declined', reason: 'stolen' },
      found(100n),
      {},
      { kind: 'abandon', reason: 'stolen', authorization: 'declined' },
    ],
    [
      'F9: unknown ends it, and is reversed',
      { kind: 'unknown' },
      found(100n),
      {},
      { kind: 'abandon', reason: 'timeout', authorization: 'given-up' },
    ],
    [
      'F11: never sent ends it, with nothing to reverse',
      { kind: 'never-sent' },
      none,
      {},
      { kind: 'abandon', authorization: 'never-sent' },
    ],
    [
      'part of the price approved is reversed whole',
      { kind: 'partly-approved', approvedAmount: 300n },
      none,
      {},
      { kind: 'abandon', reason: 'partial-approval', authorization: 'given-up' },
    ],
    [
      'no card: the discount is granted on the spot',
      { kind: 'no-card' },
      found(100n),
      {},
      { kind: 'grant', amount: 286n, strategy: 'none' },
    ],
  ])('%s', (_title, card, search, rail, decision) => {
    expect(recombine(card, search, { ...CAN_ALL, ...rail }, 386n)).toMatchObject(decision);
  });

  it('the second answer grants at what was asked, without a further step', () => {
    expect(recombineSecond(approved, found(100n), 386n)).toMatchObject({
      kind: 'grant',
      amount: 286n,
      strategy: 'none',
      authorization: 'approved',
    });
  });

  it('a second decline ends it: the card is never asked a third time', () => {
    expect(recombineSecond(short, found(100n), 386n)).toMatchObject({
      kind: 'abandon',
      authorization: 'declined',
    });
  });
});

it('the search is waited for only while a coupon could change the decision', () => {
  const kinds: CardAnswer[] = [
    approved,
    short,
    { kind: 'no-card' },
    { kind: 'unknown' },
    { kind: 'never-sent' },
  ];
  expect(kinds.map(needsSearch)).toEqual([true, true, true, false, false]);
});

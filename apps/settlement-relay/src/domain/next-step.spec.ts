import type { AppliedCoupon, Capabilities } from '@couplet/contracts';
import { nextStep, type Answers, type CardAnswer, type CouponAnswer } from './next-step.ts';
import type { Authorization, Settlement } from './settlement.ts';

const P = 386n;
const CAN_ALL: Capabilities = {
  shrink: true,
  finalPartialCapture: true,
  secondAuthorization: true,
  partialApproval: true,
  refund: true,
};
const S3 = { shrink: false, finalPartialCapture: false };
const approval = { approvalCode: 'A1', networkReference: 'r1' };
const approved: CardAnswer = { kind: 'approved', approval, approvedAmount: P };
const partly = (approvedAmount: bigint): CardAnswer => ({ kind: 'approved', approval, approvedAmount });
const short: CardAnswer = { kind: 'insufficient-funds' };
const off = (discount: bigint): AppliedCoupon => ({
  couponId: 'c',
  offerId: 'o',
  title: 't',
  discount,
  lines: [{ lineId: '1', discount }],
  funding: [{ party: 'p', amount: discount }],
});
const back = (discount: bigint): AppliedCoupon => ({
  ...off(discount),
  ...{ couponId: 'b', settledBy: 'statement-credit' },
});
const gift: AppliedCoupon = {
  ...{ ...off(0n), lines: [], funding: [] },
  benefit: { kind: 'gift', productId: '1', quantity: 1 },
};
const found = (...discounts: bigint[]): CouponAnswer => ({
  couponSearch: 'found',
  coupons: discounts.map(off),
});
const none: CouponAnswer = { couponSearch: 'none' };

function authorization(change: Partial<Authorization> = {}): Authorization {
  const expiresAt = new Date(10_000);
  return { authorizationId: 'a1', ordinal: 1, state: 'sending', held: P, amount: P, expiresAt, ...change };
}
function attempt(...authorizations: Authorization[]): Settlement {
  const presentedAt = new Date(0);
  return {
    ...{ settlementId: 's', relay: 'r', attemptId: 'a', state: 'started', confirmed: false, version: 1 },
    ...{ deadlineAt: new Date(10_000), authorizations, refunds: [] },
    terms: {
      ...{ storeId: 's', terminalId: 't', presentedAt, purpose: 'purchase', currency: 'USD' },
      ...{ amount: P, capture: 'immediate' },
    },
  };
}
const next = (
  journal: Settlement,
  answers: Answers,
  rail: Partial<Capabilities> = {},
  acceptPartialApproval = false,
) => nextStep(journal, { ...CAN_ALL, ...rail }, answers, { acceptPartialApproval });

describe('the first answer of the card, at a price of 386', () => {
  it.each<[string, CardAnswer, CouponAnswer, Partial<Capabilities>, object]>([
    [
      'F1: no coupon keeps the price',
      approved,
      none,
      {},
      { kind: 'grant', amount: 386n, held: 386n, authorization: 'approved', strategy: 'none' },
    ],
    [
      'a late search keeps the price',
      approved,
      { couponSearch: 'late' },
      {},
      { kind: 'grant', amount: 386n, couponSearch: 'late' },
    ],
    [
      'F2, S1: a coupon is granted and the hold shrinks',
      approved,
      found(100n),
      {},
      { kind: 'grant', amount: 286n, held: 386n, authorization: 'approved', strategy: 'shrink', approval },
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
      'a coupon that gives a benefit alone is used up at the full price',
      approved,
      { couponSearch: 'found', coupons: [gift] },
      {},
      { amount: 386n, coupons: [gift], strategy: 'none' },
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
      'what is credited later leaves the price, and is listed',
      approved,
      { couponSearch: 'found', coupons: [back(100n)] },
      {},
      { kind: 'grant', amount: 386n, coupons: [back(100n)], strategy: 'none', couponSearch: 'found' },
    ],
    [
      'what is credited later stands beside what the till takes off',
      approved,
      { couponSearch: 'found', coupons: [off(100n), back(50n)] },
      {},
      { kind: 'grant', amount: 286n, coupons: [off(100n), back(50n)], strategy: 'shrink' },
    ],
    [
      'off and credited together above the price are not believed',
      approved,
      { couponSearch: 'found', coupons: [off(200n), back(187n)] },
      {},
      { kind: 'grant', amount: 386n, coupons: [] },
    ],
    [
      'a rail that pays nothing back is credited nothing',
      approved,
      { couponSearch: 'found', coupons: [off(100n), back(50n)] },
      { refund: false },
      { amount: 286n, coupons: [off(100n)] },
    ],
    [
      'a rail that takes what it holds or nothing can be credited',
      approved,
      { couponSearch: 'found', coupons: [off(100n), back(50n)] },
      { ...S3, secondAuthorization: false },
      { amount: 386n, coupons: [back(50n)], strategy: 'none' },
    ],
    [
      'F6: a credit makes nothing payable',
      short,
      { couponSearch: 'found', coupons: [back(100n)] },
      {},
      { kind: 'abandon', reason: 'insufficient-funds' },
    ],
    [
      'S2: a rail that only captures less keeps its hold',
      approved,
      found(100n),
      { shrink: false },
      { amount: 286n, authorization: 'approved-unshrinkable', strategy: 'final-capture' },
    ],
    ['S3: a rail that can do neither reverses first', approved, found(100n), S3, { kind: 'reverse-first' }],
    [
      'a rail that can do nothing keeps the price',
      approved,
      found(100n),
      { ...S3, secondAuthorization: false },
      { kind: 'grant', amount: 386n, coupons: [], couponSearch: 'found' },
    ],
    [
      'F6: short of funds asks again at the discounted price',
      short,
      found(100n),
      {},
      { kind: 'ask-again', amount: 286n, first: 'declined' },
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
  ])('%s', (_title, card, coupons, rail, step) => {
    expect(next(attempt(authorization()), { card, coupons }, rail)).toMatchObject(step);
  });
});

describe('F8: approved in part', () => {
  const asked = attempt(authorization());
  it.each<[string, bigint, CouponAnswer, Partial<Capabilities>, object]>([
    ['above the discounted price it shrinks', 300n, found(100n), {}, { amount: 286n, strategy: 'shrink' }],
    ['at the discounted price it is kept', 286n, found(100n), {}, { amount: 286n, strategy: 'none' }],
    ['above it on a rail of S3 it is reversed first', 300n, found(100n), S3, { kind: 'reverse-first' }],
    ['with everything discounted it is given up', 300n, found(386n), {}, { authorization: 'given-up' }],
  ])('%s, whether or not the terminal takes parts', (_title, approvedAmount, coupons, rail, step) => {
    for (const accepts of [true, false])
      expect(next(asked, { card: partly(approvedAmount), coupons }, rail, accepts)).toMatchObject(step);
  });

  it.each<[string, CouponAnswer, bigint]>([
    ['with a coupon', found(50n), 336n],
    ['without', none, 386n],
  ])('below the price %s, the rest is due if the terminal can take it', (_title, coupons, amount) => {
    expect(next(asked, { card: partly(300n), coupons }, {}, true)).toMatchObject({
      ...{ kind: 'grant', amount, held: 300n, authorization: 'approved' },
    });
  });

  it('below the price, it is reversed whole if the terminal cannot', () => {
    expect(next(asked, { card: partly(300n), coupons: none })).toMatchObject({
      ...{ kind: 'abandon', reason: 'partial-approval', authorization: 'given-up' },
    });
  });
});

describe('S3', () => {
  const reversing = attempt(authorization({ state: 'reversing' }));
  const coupons = found(100n);
  it.each<[string, Answers, object]>([
    ['asks nothing before the reversal is answered', {}, { kind: 'await', answer: 'reversal' }],
    ['asks on while it is pending', { reversal: 'pending' }, { kind: 'await', answer: 'reversal' }],
    [
      'asks again once it is acknowledged',
      { reversal: 'done' },
      { kind: 'ask-again', amount: 286n, first: 'reverse-done' },
    ],
    [
      'lists a refused reversal',
      { reversal: 'refused' },
      { kind: 'abandon', authorization: 'reverse-refused' },
    ],
    [
      'F16: asks no second time without an answer',
      { reversal: 'no-answer' },
      { kind: 'abandon', reason: 'reversal-unanswered' },
    ],
    ['nor for an id that is not known', { reversal: 'unknown-authorization' }, { kind: 'abandon' }],
  ])('%s', (_title, answers, step) => {
    expect(next(reversing, { coupons, ...answers }, S3)).toMatchObject(step);
  });

  const again = (first: Authorization['state']): Settlement =>
    attempt(authorization({ state: first }), {
      ...authorization({ authorizationId: 'a2', ordinal: 2, held: 286n, amount: 286n }),
    });
  it('grants at what was asked', () => {
    const step = next(again('reversed'), { coupons, card: partly(286n) }, S3);
    expect(step).toMatchObject({ kind: 'grant', amount: 286n, strategy: 'reverse-then-authorize' });
  });
  it('F15: a decline after the reversal ends it without a hold', () => {
    const step = next(again('reversed'), { coupons, card: { kind: 'declined', reason: 'no' } }, S3);
    expect(step).toMatchObject({ kind: 'abandon', authorization: 'declined' });
  });
  it('never asks a third time', () => {
    expect(next(again('declined'), { coupons, card: short })).toMatchObject({ kind: 'abandon' });
    expect(next(again('declined'), { coupons, card: partly(286n) })).toMatchObject({ strategy: 'none' });
  });
});

describe('S4', () => {
  it.each<[string, Answers, object]>([
    [
      'asks at the discounted price when the coupons were faster',
      { unsent: true, coupons: found(100n) },
      { kind: 'swap-early', amount: 286n },
    ],
    [
      'asks nothing when they pay all',
      { unsent: true, coupons: found(386n) },
      { kind: 'grant', amount: 0n, authorization: 'never-sent' },
    ],
    [
      'asks at the full price when there are none',
      { unsent: true, coupons: none },
      { kind: 'await', answer: 'card' },
    ],
    ['or when they are slower', { unsent: true }, { kind: 'await', answer: 'card' }],
  ])('%s', (_title, answers, step) => {
    expect(next(attempt(authorization()), answers)).toMatchObject(step);
  });

  it('is granted at what was asked', () => {
    const swapped = attempt(authorization({ held: 286n, amount: 286n }));
    const step = next(swapped, { card: partly(286n), coupons: found(100n) });
    expect(step).toMatchObject({ kind: 'grant', amount: 286n, strategy: 'early-swap' });
  });
});

describe('waiting', () => {
  it('no card: for the coupons, which are granted on the spot', () => {
    expect(next(attempt(), {})).toEqual({ kind: 'await', answer: 'coupons' });
    expect(next(attempt(), { coupons: found(100n) })).toMatchObject({ kind: 'grant', amount: 286n });
  });
  it.each<[CardAnswer, string]>([
    [approved, 'await'],
    [short, 'await'],
    [{ kind: 'unknown' }, 'abandon'],
    [{ kind: 'never-sent' }, 'abandon'],
    [{ kind: 'declined', reason: 'no' }, 'abandon'],
  ])('for the coupons only while they could change the decision: %j', (card, kind) => {
    expect(next(attempt(authorization()), { card }).kind).toBe(kind);
  });
});

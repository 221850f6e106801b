import { aCachedOffer, aReserve } from '../../test/samples.ts';
import type { Candidate } from './candidate.ts';
import { type PlanInput, planReservation } from './reservation-plan.ts';

const coupon = (couponId: string, offer = aCachedOffer()): Candidate => ({ couponId, holderId: 'h', offer });
const input = (candidates: Candidate[], some: Partial<PlanInput> = {}): PlanInput => ({
  candidates,
  presentedBy: new Map([['h', { mediumKinds: new Set(['credit-card'] as const), attributes: {} }]]),
  allowances: { usesLeft: new Map(), budgetLeft: new Map(), usesByHolder: new Map() },
  droppedOffers: new Set(),
  ...some,
});

describe('the plan of a reservation', () => {
  it('answers what it prices, and takes exactly that', () => {
    const plan = planReservation(aReserve(), input([coupon('a')]));

    expect(plan.answer).toMatchObject({
      couponSearch: 'found',
      discount: 100n,
      coupons: [
        {
          couponId: 'a',
          title: 'A dollar off milk',
          funding: [{ party: 'manufacturer:36200', amount: 100n }],
        },
      ],
      refused: [],
    });
    expect(plan.uses).toMatchObject([{ candidate: { couponId: 'a' }, discount: 100n }]);
  });

  it('uses the coupon first that would be lost first', () => {
    const soon = aCachedOffer({ conditions: { validTo: '2026-05-20T00:00:00Z' } });
    const plan = planReservation(aReserve(), input([coupon('a'), coupon('b', soon)]));

    expect(plan.answer.coupons.map(({ couponId }) => couponId)).toEqual(['b']);
    expect(plan.answer.refused).toMatchObject([{ couponId: 'a', reason: 'beaten-by-better-coupon' }]);
  });

  it('drops the offers whose limit refused, and says so', () => {
    const limited = aCachedOffer({ terms: { reward: { kind: 'amount-off', amount: 300n } } });
    const candidates = [coupon('a', limited), coupon('b')];
    const plan = planReservation(
      aReserve(),
      input(candidates, { droppedOffers: new Set([limited.offerId]) }),
    );

    expect(plan.answer.coupons.map(({ couponId }) => couponId)).toEqual(['b']);
    expect(plan.answer.refused).toEqual([
      { couponId: 'a', offerId: limited.offerId, reason: 'limit-reached' },
    ]);
  });

  it('tells why a coupon may not be used here, but not that it is over', () => {
    const rental = aCachedOffer({ conditions: { purposes: ['rental'] } });
    const over = aCachedOffer({ conditions: { validTo: '2026-05-02T00:00:00Z' } });
    const plan = planReservation(aReserve(), input([coupon('a', rental), coupon('b', over)]));

    expect(plan.answer).toMatchObject({ couponSearch: 'none', discount: 0n, coupons: [] });
    expect(plan.answer.refused).toEqual([
      { couponId: 'a', offerId: rental.offerId, reason: 'purpose-differs' },
    ]);
  });
});

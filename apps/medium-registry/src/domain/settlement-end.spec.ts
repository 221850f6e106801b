import fc from 'fast-check';
import type { ReservationState } from './reservation.ts';
import { COUNTED } from './reservation.ts';
import { type EndPlan, planEnd, type HeldCoupon, type SettlementEnd } from './settlement-end.ts';

const reserved = (...couponIds: string[]): HeldCoupon[] =>
  couponIds.map((couponId) => ({ couponId, state: 'reserved' }));

describe('the end of a settlement', () => {
  it('consumes exactly the coupons that the grant lists and releases the others', () => {
    const plan = planEnd(
      { state: 'reserved', coupons: reserved('a', 'b') },
      { kind: 'granted', couponIds: ['b'] },
    );

    expect(plan.next).toBe('consumed');
    expect(plan.moves.map(({ coupon, next }) => [coupon.couponId, next])).toEqual([
      ['a', 'released'],
      ['b', 'consumed'],
    ]);
  });

  it('releases everything when the full price was kept', () => {
    const plan = planEnd({ state: 'reserved', coupons: reserved('a') }, { kind: 'granted', couponIds: [] });

    expect(plan).toMatchObject({ next: 'released', moves: [{ effect: 'give-back' }] });
  });

  it('gives a coupon back once when a roll-back overtakes the grant', () => {
    const rolledBack = planEnd(
      { state: 'reserved', coupons: reserved('a') },
      { kind: 'rolled-back', keptCouponIds: [], at: '' },
    );
    const later = planEnd(
      { state: rolledBack.next, coupons: [{ couponId: 'a', state: rolledBack.moves[0]!.next }] },
      { kind: 'granted', couponIds: ['a'] },
    );

    expect(rolledBack).toMatchObject({ next: 'rolled-back', moves: [{ effect: 'give-back' }] });
    expect(later).toEqual({ next: 'rolled-back', moves: [] });
  });

  it('keeps used what a cancel keeps by policy, also when it overtook the grant', () => {
    for (const state of ['reserved', 'consumed'] as const) {
      const end: SettlementEnd = { kind: 'rolled-back', keptCouponIds: ['a'], at: '' };
      const plan = planEnd({ state, coupons: [{ couponId: 'a', state }] }, end);
      expect(plan.moves.map(({ next }) => next)).toEqual(state === 'reserved' ? ['consumed'] : []);
    }
  });

  it('gives back with a refund exactly the coupons it names; the sale stands', () => {
    const coupons = [
      { couponId: 'a', state: 'consumed' },
      { couponId: 'b', state: 'consumed' },
    ] as const;
    const plan = planEnd({ state: 'consumed', coupons }, { kind: 'given-back', couponIds: ['b'], at: '' });
    expect(plan).toEqual({
      next: 'consumed',
      moves: [{ coupon: coupons[1], next: 'rolled-back', effect: 'give-back-use' }],
    });
  });

  it('leaves a tombstone when it comes before the reserve', () => {
    expect(planEnd({ state: 'unknown', coupons: [] }, { kind: 'abandoned' })).toEqual({
      next: 'released',
      moves: [],
    });
  });

  it('ends legally whatever comes in whatever order: no coupon given back twice, used only if granted', () => {
    const granted: SettlementEnd = { kind: 'granted', couponIds: ['a'] };
    const ends: SettlementEnd[] = [
      granted,
      { kind: 'rolled-back', keptCouponIds: [], at: '' },
      { kind: 'abandoned' },
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...ends), { minLength: 1, maxLength: 8 }), (told) => {
        const counts = { usesLeft: -1, held: 1, used: 0, escrow: -1 };
        let state: ReservationState = 'reserved';
        let set: ReservationState = 'reserved';
        for (const end of told) {
          const plan: EndPlan = planEnd({ state: set, coupons: [{ couponId: 'a', state }] }, end);
          set = plan.next;
          for (const { next, effect } of plan.moves) {
            state = next;
            for (const key of Object.keys(counts) as (keyof typeof counts)[])
              counts[key] += COUNTED[effect][key];
          }
        }
        expect(set).toBe(state);
        if (state === 'consumed') {
          expect(told.every(({ kind }) => kind !== 'rolled-back')).toBe(true);
          expect(counts).toEqual({ usesLeft: -1, held: 0, used: 1, escrow: -1 });
        } else {
          expect(counts).toEqual({ usesLeft: 0, held: 0, used: 0, escrow: 0 });
        }
      }),
    );
  });
});

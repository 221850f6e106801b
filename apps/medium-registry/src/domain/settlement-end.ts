import type { Effect, ReservationEvent, ReservationState, Step } from './reservation.ts';
import { TRANSITIONS } from './reservation.ts';

/** How a settlement ended, whether told by an event or by the answer to `resolve`. */
export type SettlementEnd =
  | { kind: 'granted'; couponIds: readonly string[] }
  | { kind: 'abandoned' }
  /** `keptCouponIds` are used up all the same, by the policy of settlement-relay. */
  | { kind: 'rolled-back'; keptCouponIds: readonly string[]; at: string }
  /** Lines were refunded, and these coupons with them; the sale stands. */
  | { kind: 'given-back'; couponIds: readonly string[]; at: string };

/** The coupons of one settlement as they are now. */
export interface ReservationSet<Held extends HeldCoupon = HeldCoupon> {
  state: ReservationState;
  coupons: readonly Held[];
}

export interface HeldCoupon {
  couponId: string;
  state: ReservationState;
}

/** What an end changes; `moves` holds the coupons that change, nothing else. */
export interface EndPlan<Held extends HeldCoupon = HeldCoupon> {
  next: ReservationState;
  moves: { coupon: Held; next: ReservationState; effect: Effect }[];
}

/**
 * What the end of a settlement does to its reservations: exactly the coupons that a grant lists are consumed, every
 * other one is given back, and an end that was applied before changes nothing. Each event that gives back says which.
 */
export function planEnd<Held extends HeldCoupon>(
  { state, coupons }: ReservationSet<Held>,
  end: SettlementEnd,
): EndPlan<Held> {
  const moves = coupons
    .map((coupon) => {
      const event = eventFor(end, (couponId) => couponId === coupon.couponId);
      return { coupon, ...(event ? TRANSITIONS[coupon.state][event] : stays(coupon.state)) };
    })
    .filter(({ coupon, next }) => next !== coupon.state);
  const ofSet =
    end.kind === 'given-back'
      ? undefined
      : eventFor(end, (id) => coupons.some(({ couponId }) => couponId === id));
  return { next: ofSet ? TRANSITIONS[state][ofSet].next : state, moves };
}

/** The coupons of the settlement once the end is applied. */
export function afterEnd<Held extends HeldCoupon>(
  { coupons }: ReservationSet<Held>,
  { next, moves }: EndPlan<Held>,
): ReservationSet<Held> {
  const moved = new Map(moves.map((move) => [move.coupon.couponId, move.next]));
  return {
    state: next,
    coupons: coupons.map((coupon) => ({ ...coupon, state: moved.get(coupon.couponId) ?? coupon.state })),
  };
}

/** @returns undefined when the end does not concern what `concerns` tells of */
function eventFor(end: SettlementEnd, concerns: (couponId: string) => boolean): ReservationEvent | undefined {
  switch (end.kind) {
    case 'granted':
      return end.couponIds.some(concerns) ? 'granted-with' : 'granted-without';
    case 'abandoned':
      return 'abandoned';
    case 'rolled-back':
      return end.keptCouponIds.some(concerns) ? 'granted-with' : 'rolled-back';
    case 'given-back':
      return end.couponIds.some(concerns) ? 'rolled-back' : undefined;
  }
}

const stays = (state: ReservationState): Step => ({ next: state, effect: 'nothing' });

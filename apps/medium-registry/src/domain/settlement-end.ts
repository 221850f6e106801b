import type { Effect, ReservationEvent, ReservationState } from './reservation.ts';
import { TRANSITIONS } from './reservation.ts';

/** How a settlement ended, whether told by an event or by the answer to `resolve`. */
export type SettlementEnd =
  | { kind: 'granted'; couponIds: readonly string[] }
  | { kind: 'abandoned' }
  | { kind: 'rolled-back'; at: string };

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
 * other one is given back, and an end that was applied before changes nothing.
 */
export function planEnd<Held extends HeldCoupon>(
  { state, coupons }: ReservationSet<Held>,
  end: SettlementEnd,
): EndPlan<Held> {
  const listed = new Set(end.kind === 'granted' ? end.couponIds : []);
  const ofSet = eventFor(
    end,
    coupons.some(({ couponId }) => listed.has(couponId)),
  );
  const moves = coupons
    .map((coupon) => {
      const step = TRANSITIONS[coupon.state][eventFor(end, listed.has(coupon.couponId))];
      return { coupon, ...step };
    })
    .filter(({ coupon, next }) => next !== coupon.state);
  return { next: TRANSITIONS[state][ofSet].next, moves };
}

function eventFor(end: SettlementEnd, isListed: boolean): ReservationEvent {
  if (end.kind !== 'granted') return end.kind;
  return isListed ? 'granted-with' : 'granted-without';
}

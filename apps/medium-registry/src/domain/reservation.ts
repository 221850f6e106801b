/** `unknown`: nothing written yet. A tombstone is `released` without a coupon. */
export type ReservationState = 'unknown' | 'empty' | 'reserved' | 'consumed' | 'released' | 'rolled-back';

export type ReservationEvent =
  | 'reserve-found'
  | 'reserve-none'
  /** Found, and used in the same commit: no end will be told. */
  | 'use-found'
  /** Granted, and this coupon is among those it lists. */
  | 'granted-with'
  | 'granted-without'
  | 'abandoned'
  | 'rolled-back'
  /** Its own: the registry asks `resolve`, and nothing moves until that is answered. */
  | 'deadline';

/** What a step does to the coupon and its counters; in numbers in {@link COUNTED}. */
export type Effect = 'nothing' | 'take' | 'use' | 'consume' | 'give-back' | 'give-back-use';

export interface Step {
  next: ReservationState;
  effect: Effect;
}

/**
 * One reservation per settlement and coupon, and by the same table one per settlement, for which "this coupon" reads
 * "any of its coupons". An end that arrives before the reserve leaves a tombstone that refuses it.
 */
export const TRANSITIONS: Record<ReservationState, Record<ReservationEvent, Step>> = {
  unknown: {
    'reserve-found': to('reserved', 'take'),
    'reserve-none': to('empty'),
    'use-found': to('consumed', 'use'),
    // No answer of ours named a coupon here, so there is none to consume; the settlement is over all the same.
    'granted-with': to('released'),
    'granted-without': to('released'),
    abandoned: to('released'),
    'rolled-back': to('released'),
    deadline: to('unknown'),
  },
  reserved: {
    'reserve-found': to('reserved'),
    'reserve-none': to('reserved'),
    'use-found': to('reserved'),
    'granted-with': to('consumed', 'consume'),
    'granted-without': to('released', 'give-back'),
    abandoned: to('released', 'give-back'),
    'rolled-back': to('rolled-back', 'give-back'),
    deadline: to('reserved'),
  },
  consumed: { ...atRest('consumed'), 'rolled-back': to('rolled-back', 'give-back-use') },
  empty: atRest('empty'),
  released: atRest('released'),
  'rolled-back': atRest('rolled-back'),
};

/**
 * What each effect adds: uses left on the coupon, uses held and uses made of the offer by the holder, and (times the
 * uses and the discount of the coupon) what the offer's escrow has left.
 */
export const COUNTED: Record<Effect, { usesLeft: number; held: number; used: number; escrow: number }> = {
  nothing: { usesLeft: 0, held: 0, used: 0, escrow: 0 },
  take: { usesLeft: -1, held: +1, used: 0, escrow: -1 },
  use: { usesLeft: -1, held: 0, used: +1, escrow: -1 },
  consume: { usesLeft: 0, held: -1, used: +1, escrow: 0 },
  'give-back': { usesLeft: +1, held: -1, used: 0, escrow: +1 },
  'give-back-use': { usesLeft: +1, held: 0, used: -1, escrow: +1 },
};

/** Whether `reserve`, asked again, still gets the coupons it got; in every other state the answer is none. */
export function stillFound(state: ReservationState): boolean {
  return state === 'reserved' || state === 'consumed';
}

function to(next: ReservationState, effect: Effect = 'nothing'): Step {
  return { next, effect };
}

function atRest(state: ReservationState): Record<ReservationEvent, Step> {
  const same = to(state);
  return {
    'reserve-found': same,
    'reserve-none': same,
    'use-found': same,
    'granted-with': same,
    'granted-without': same,
    abandoned: same,
    'rolled-back': same,
    deadline: same,
  };
}

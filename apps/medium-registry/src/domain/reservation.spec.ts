import {
  COUNTED,
  type Effect,
  type ReservationEvent,
  type ReservationState,
  stillFound,
  TRANSITIONS,
} from './reservation.ts';

/** The reservation table of the protocol, row by row; what it does not list changes nothing. */
const LISTED: [ReservationState, ReservationEvent, ReservationState, Effect][] = [
  ['unknown', 'reserve-found', 'reserved', 'take'],
  ['unknown', 'reserve-none', 'empty', 'nothing'],
  ['unknown', 'use-found', 'consumed', 'use'],
  ['unknown', 'granted-with', 'released', 'nothing'],
  ['unknown', 'granted-without', 'released', 'nothing'],
  ['unknown', 'abandoned', 'released', 'nothing'],
  ['unknown', 'rolled-back', 'released', 'nothing'],
  ['reserved', 'granted-with', 'consumed', 'consume'],
  ['reserved', 'granted-without', 'released', 'give-back'],
  ['reserved', 'abandoned', 'released', 'give-back'],
  ['reserved', 'rolled-back', 'rolled-back', 'give-back'],
  ['consumed', 'rolled-back', 'rolled-back', 'give-back-use'],
];

const CELLS = Object.entries(TRANSITIONS).flatMap(([state, events]) =>
  Object.entries(events).map(([event, step]) => ({ state, event, ...step })),
);

describe('the reservation table', () => {
  it.each(CELLS)('$state + $event -> $next, $effect', ({ state, event, next, effect }) => {
    const listed = LISTED.find(([from, by]) => from === state && by === event);
    expect([next, effect]).toEqual(listed ? listed.slice(2) : [state, 'nothing']);
  });

  it('has a cell for every state and event', () => {
    expect(CELLS).toHaveLength(6 * 8);
  });

  it('frees nothing at a deadline', () => {
    const atDeadline = Object.values(TRANSITIONS).map(({ deadline }) => deadline.effect);
    expect(new Set(atDeadline)).toEqual(new Set(['nothing']));
  });

  it.each([
    { state: 'reserved', found: true },
    { state: 'consumed', found: true },
    { state: 'unknown', found: false },
    { state: 'empty', found: false },
    { state: 'released', found: false },
    { state: 'rolled-back', found: false },
  ] as const)('answers reserve again from $state with found: $found', ({ state, found }) => {
    expect(stillFound(state)).toBe(found);
  });
});

describe('what effects count', () => {
  it.each([
    { path: ['take', 'give-back'], because: 'reserved and released' },
    { path: ['take', 'consume', 'give-back-use'], because: 'consumed and rolled back' },
    { path: ['use', 'give-back-use'], because: 'used at once and rolled back' },
  ] as { path: Effect[]; because: string }[])('comes to nothing when $because', ({ path }) => {
    expect(sum(path)).toEqual({ usesLeft: 0, held: 0, used: 0, escrow: 0 });
  });

  it('leaves a use made, and escrow taken, by what is consumed', () => {
    expect(sum(['take', 'consume'])).toEqual({ usesLeft: -1, held: 0, used: 1, escrow: -1 });
  });
});

function sum(effects: Effect[]) {
  const total = { usesLeft: 0, held: 0, used: 0, escrow: 0 };
  for (const effect of effects) {
    for (const counter of Object.keys(total) as (keyof typeof total)[])
      total[counter] += COUNTED[effect][counter];
  }
  return total;
}

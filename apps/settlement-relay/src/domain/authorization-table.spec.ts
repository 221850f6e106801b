import {
  AUTHORIZATION,
  LIVE_STATES,
  nextState,
  STEPS,
  type AuthorizationEvent,
  type AuthorizationState,
} from './authorization-table.ts';

/** The rows of the protocol that change something; every other cell changes nothing. */
const CHANGES: [AuthorizationState, AuthorizationEvent, AuthorizationState][] = [
  ['sending', 'approved', 'live'],
  ['sending', 'approved-unshrinkable', 'kept'],
  ['sending', 'declined', 'declined'],
  ['sending', 'never-sent', 'never-sent'],
  ['sending', 'given-up', 'reversing'],
  ['live', 'adjust-done', 'shrunk'],
  ['live', 'adjust-refused', 'kept'],
  ['live', 'capture-done', 'captured'],
  ['live', 'capture-refused', 'listed'],
  ['live', 'given-up', 'reversing'],
  ['shrunk', 'capture-done', 'captured'],
  ['shrunk', 'capture-refused', 'listed'],
  ['shrunk', 'given-up', 'reversing'],
  ['kept', 'capture-done', 'remainder'],
  ['kept', 'capture-refused', 'listed'],
  ['kept', 'given-up', 'reversing'],
  ['remainder', 'release-done', 'captured'],
  ['captured', 'part-refunded', 'captured'],
  ['captured', 'refund-done', 'refunded'],
  ['captured', 'refund-refused', 'listed'],
  ['reversing', 'reverse-done', 'reversed'],
  ['reversing', 'reverse-refused', 'listed'],
  ['listed', 'given-up', 'reversing'],
  ['declined', 'late-approval', 'reversing'],
  ['reversed', 'late-approval', 'reversing'],
  ['never-sent', 'late-approval', 'reversing'],
];
const STATES = Object.keys(AUTHORIZATION) as AuthorizationState[];
const EVENTS: AuthorizationEvent[] = [
  ...(['approved', 'approved-unshrinkable', 'declined', 'never-sent', 'given-up'] as const),
  ...(['late-approval', 'part-refunded'] as const),
  ...STEPS.flatMap((step) => [`${step}-done`, `${step}-refused`] as const),
];

it.each(STATES.flatMap((state) => EVENTS.map((event) => [state, event] as const)))(
  '%s on %s',
  (state, event) => {
    const change = CHANGES.find(([from, on]) => from === state && on === event);
    expect(nextState(state, event)).toBe(change?.[2] ?? null);
  },
);

it('no event leads from a state without a hold to one that may hold, but to its reversal', () => {
  for (const [from, on, to] of CHANGES) {
    if (on === 'late-approval') expect(to).toBe('reversing');
    else if (!LIVE_STATES.includes(from)) expect(LIVE_STATES).not.toContain(to);
  }
});

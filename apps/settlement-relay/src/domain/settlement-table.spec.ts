import { nextPhase, SETTLEMENT, UNSEEN, type Happening, type Phase } from './settlement-table.ts';

/** The rows of the protocol that change something; every other cell changes nothing. */
const CHANGES: [Phase, Happening, Phase][] = [
  ['started', 'grant', 'granted'],
  ['started', 'swap-early', 'started'],
  ['started', 'reverse-first', 'started'],
  ['started', 'ask-again', 'started'],
  ['started', 'abandon', 'abandoned'],
  ['started', 'deadline', 'abandoned'],
  ['started', 'resolve', 'abandoned'],
  ['started', 'void', 'abandoned'],
  ['started', 'cancel', 'abandoned'],
  ['granted', 'confirm', 'confirmed'],
  ['granted', 'deadline', 'cancelled'],
  ['granted', 'void', 'cancelled'],
  ['granted', 'cancel', 'cancelled'],
  ['confirmed', 'refund', 'confirmed'],
  ['confirmed', 'cancel', 'cancelled'],
];
const PHASES = Object.keys(SETTLEMENT) as Phase[];
const HAPPENINGS: Happening[] = [
  ...(['swap-early', 'reverse-first', 'ask-again', 'grant', 'abandon', 'deadline'] as const),
  ...(['resolve', 'confirm', 'refund', 'void', 'cancel'] as const),
];

it.each(PHASES.flatMap((phase) => HAPPENINGS.map((happening) => [phase, happening] as const)))(
  '%s on %s',
  (phase, happening) => {
    const change = CHANGES.find(([from, on]) => from === phase && on === happening);
    expect(nextPhase(phase, happening)).toBe(change?.[2] ?? null);
  },
);

it('cancel, void and resolve end an attempt nobody has seen; a confirm and a refund do not', () => {
  const ended = { cancel: 'abandoned', void: 'abandoned', resolve: 'abandoned' };
  expect(UNSEEN).toEqual({ ...ended, confirm: null, refund: null });
});

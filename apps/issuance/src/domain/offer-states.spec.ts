import { OFFER_STATES } from '@couplet/contracts';
import { type OfferAct, stepOf } from './offer-states.ts';

/** Told once more, by hand: . is a repeat, x is refused, anything else is where it goes. */
const LIFE: Record<OfferAct, string> = {
  //        draft     submitted approved paused   ended
  revise: ' draft     x         x        x        x',
  submit: ' submitted .         .        x        x',
  return: ' .         draft     x        x        x',
  approve: 'x         approved  .        x        x',
  pause: '  x         x         paused   .        x',
  resume: ' x         x         .        approved x',
  end: '    ended     ended     ended    ended    .',
};

const rows = Object.entries(LIFE).flatMap(([act, row]) =>
  row
    .trim()
    .split(/\s+/)
    .map((step, index) => [act as OfferAct, OFFER_STATES[index]!, step] as const),
);

it.each(rows)('%s a %s offer: %s', (act, state, expected) => {
  const step = stepOf(act, state);
  const shown = step.kind === 'moves' ? step.to : step.kind === 'same' ? '.' : 'x';
  expect(shown).toBe(expected);
});

it('says why it refuses', () => {
  expect(stepOf('approve', 'draft')).toEqual({ kind: 'refused', why: 'must be submitted first' });
  expect(stepOf('resume', 'ended')).toEqual({ kind: 'refused', why: 'has ended' });
});

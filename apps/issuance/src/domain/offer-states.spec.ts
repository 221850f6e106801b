import { stepOf } from './offer-states.ts';

it.each([
  ['submit', 'draft', { kind: 'moves', to: 'submitted' }],
  ['submit', 'submitted', { kind: 'same' }],
  ['submit', 'live', { kind: 'same' }],
  ['approve', 'draft', { kind: 'refused', why: 'must be submitted first' }],
  ['approve', 'submitted', { kind: 'moves', to: 'live' }],
  ['approve', 'live', { kind: 'same' }],
] as const)('%s a %s offer', (act, state, step) => {
  expect(stepOf(act, state)).toEqual(step);
});

import { latencyOf, scriptErrors } from './script.ts';

it.each([
  ['authorize', { kind: 'refuse', reason: 'no' }],
  ['capture', { kind: 'decline', reason: 'no' }],
  ['inspect', { kind: 'pending', forMs: 0, advise: false }],
  ['capabilities', { kind: 'refuse', reason: 'no' }],
] as const)('%s cannot play %j, and the field is named', (verb, action) => {
  const fits = { verb: 'reverse', action: { kind: 'pending', forMs: 0, advise: false }, times: 1 } as const;
  expect(scriptErrors({ faults: [fits, { verb, action, times: 1 }] })).toEqual([
    expect.objectContaining({ field: 'faults[1].action.kind' }),
  ]);
});

it.each([
  ['reverse', { kind: 'pending', forMs: 1, advise: true }, 'advise'],
  ['capture', { kind: 'delay', delayMs: 1, effect: 'first', advise: true }, 'advise'],
  ['authorize', { kind: 'delay', delayMs: 1, effect: 'last', advise: true }, 'effect'],
  ['authorize', { kind: 'pending', forMs: 1, advise: false }, 'forMs'],
] as const)('%s has nothing to tell late by %j', (verb, action, field) => {
  expect(scriptErrors({ faults: [{ verb, action, times: 1 }] })).toEqual([
    expect.objectContaining({ field: `faults[0].action.${field}` }),
  ]);
});

it('latency is between its bounds, which must not be upside down', () => {
  expect([0, 0.5, 1].map((random) => latencyOf({ min: 10, max: 30 }, random))).toEqual([10, 20, 30]);
  expect(scriptErrors({ latencyMs: { min: 2, max: 1 } })).toHaveLength(1);
});

import { latencyOf, scriptErrors } from './script.ts';

it.each([
  ['authorize', { kind: 'refuse', reason: 'no' }],
  ['capture', { kind: 'decline', reason: 'no' }],
  ['inspect', { kind: 'pending' }],
  ['capabilities', { kind: 'refuse', reason: 'no' }],
] as const)('%s cannot play %j, and the field is named', (verb, action) => {
  const fits = { verb: 'reverse', action: { kind: 'pending' }, times: 1 } as const;
  expect(scriptErrors({ faults: [fits, { verb, action, times: 1 }] })).toEqual([
    expect.objectContaining({ field: 'faults[1].action.kind' }),
  ]);
});

it('latency is between its bounds, which must not be upside down', () => {
  expect([0, 0.5, 1].map((random) => latencyOf({ min: 10, max: 30 }, random))).toEqual([10, 20, 30]);
  expect(scriptErrors({ latencyMs: { min: 2, max: 1 } })).toHaveLength(1);
});

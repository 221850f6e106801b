import { runCases } from './run-cases.ts';

const split = { kind: 'allocation', given: { weights: [1, 1], total: 3 } };

it('says per case what came out, and sums up', () => {
  const { lines, failed } = runCases([
    { ...split, id: 'A', expected: { shares: [2, 1] } },
    { ...split, id: 'B', expected: { shares: [1, 2] } },
    { ...split, id: 'C', dialect: 'unheard_of', expected: { shares: [2, 1] } },
    { id: 'D', kind: 'riddle', expected: {} },
  ]);

  expect(lines).toEqual([
    'A passed',
    'B failed: shares: expected [1,2], got [2,1]',
    'C not expressible: dialect unheard_of is not known',
    'D not expressible: the engine has no cases of kind riddle yet',
    '1 passed, 1 failed, 2 not expressible',
  ]);
  expect(failed).toBe(1);
});

it('takes what the case names over what the schema means without a name', () => {
  const zeros = { kind: 'allocation', given: { weights: [0, 0], total: 10 } };
  const { failed } = runCases([
    { ...zeros, id: 'A', expected: { shares: [5, 5] } },
    { ...zeros, id: 'B', dialect: 'zero_weight_gets_zero', expected: { shares: [0, 0] } },
  ]);
  expect(failed).toBe(0);
});

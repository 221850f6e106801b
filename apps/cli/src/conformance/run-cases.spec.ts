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

it('takes what the case names over what its project does', () => {
  const given = { weights: [1, 1, 1], total: 100 };
  const source = { repo: 'someone/Sylius' };
  const { failed } = runCases([
    { id: 'A', kind: 'allocation', source, given, expected: { shares: [34, 33, 33] } },
    {
      id: 'B',
      kind: 'allocation',
      source,
      given,
      dialect: 'remainder_to_last_line',
      expected: { shares: [33, 33, 34] },
    },
  ]);
  expect(failed).toBe(0);
});

import type { Fault } from './dose.ts';
import { faultTable, repeatCommand } from './report.ts';
import type { DoseResult } from './run-doses.ts';

const result = (
  name: string,
  recoveryMs: number,
  violations: string[] = [],
  dosesPerSeed?: number,
): DoseResult => {
  const fault: Fault = {
    name,
    row: name.split(':')[0]!,
    seeds: 1,
    ...(dosesPerSeed && { dosesPerSeed }),
    run: () => Promise.reject(new Error('is not run here')),
  };
  return { fault, seed: 3, recoveryMs, violations };
};

it('sums doses and violations of a row, and names its slowest recovery', () => {
  const results = [result('kill:a', 1_200), result('kill:b', 8_340, ['broken']), result('race', 40, [], 20)];
  expect(faultTable(results, 90_000)).toEqual([
    '| Fault | Doses | Violations | Slowest recovery |',
    '| ----- | ----: | ---------: | ---------------: |',
    '| kill  |     2 |          1 |            8.3 s |',
    '| race  |    20 |          0 |            0.0 s |',
    '',
    '22 doses in 1.5 minutes, starting the system included.',
  ]);
});

it('tells how one dose is repeated', () => {
  const { fault, seed } = result('kill:a', 0);
  expect(repeatCommand(fault, seed)).toBe(`npm run faults -- --only 'kill:a' --seed 3`);
});

import type { Fault } from './dose.ts';
import { planOf } from './plan.ts';

const fault = (name: string, seeds: number, among?: Fault['among']): Fault => ({
  name,
  row: name,
  seeds,
  ...(among && { among }),
  run: () => Promise.reject(new Error('is not run here')),
});
const FAULTS = [
  fault('a', 2, { phase: 'steps', lane: 'one' }),
  fault('b', 2, { phase: 'steps', lane: 'two' }),
  fault('c', 1, { phase: 'steps', lane: 'one' }),
  fault('alone', 2),
];
const shown = (groups: ReturnType<typeof planOf>) =>
  groups.map((lanes) => lanes.map((doses) => doses.map(({ fault: { name }, seed }) => `${name}${seed}`)));

it('runs lanes of a phase beside each other, seed by seed, and other faults alone', () => {
  expect(shown(planOf(FAULTS))).toEqual([
    [['a1', 'c1'], ['b1']],
    [['a2'], ['b2']],
    [['alone1']],
    [['alone2']],
  ]);
});

it('repeats one seed of each, also one beyond those of a full run', () => {
  expect(shown(planOf(FAULTS.slice(2), 7))).toEqual([[['c7']], [['alone7']]]);
});

import type { Fault } from './dose.ts';
import type { Dose, Group } from './run-doses.ts';

/**
 * What runs when: seed by seed the faults of each phase, its lanes beside each other, and then each of the others alone.
 *
 * @param seed only this one of every fault
 */
export function planOf(faults: readonly Fault[], seed?: number): Group[] {
  const seedsMax = Math.max(...faults.map(({ seeds }) => seeds));
  const seeds = seed === undefined ? Array.from({ length: seedsMax }, (_, index) => index + 1) : [seed];
  const planned = (fault: Fault, at: number) => seed !== undefined || at <= fault.seeds;
  return seeds.flatMap((at) => {
    const doses = faults.filter((fault) => planned(fault, at)).map((fault) => ({ fault, seed: at }));
    const phases = new Set(doses.flatMap(({ fault: { among } }) => among?.phase ?? []));
    return [
      ...[...phases].map((phase) => lanesOf(doses.filter(({ fault }) => fault.among?.phase === phase))),
      ...doses.filter(({ fault }) => !fault.among).map((dose) => [[dose]]),
    ];
  });
}

function lanesOf(doses: readonly Dose[]): Group {
  const lanes = new Set(doses.map(({ fault }) => fault.among?.lane));
  return [...lanes].map((lane) => doses.filter(({ fault }) => fault.among?.lane === lane));
}

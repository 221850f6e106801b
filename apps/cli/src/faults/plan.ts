import type { Fault } from './dose.ts';
import type { Dose, Group } from './run-doses.ts';

/**
 * What runs when: the faults of a phase together, its lanes beside each other, and every other fault alone; of each first all
 * its seeds.
 *
 * @param seed only this one of every fault
 */
export function planOf(faults: readonly Fault[], seed?: number): Group[] {
  const units = new Map<string, Fault[]>();
  for (const fault of faults) {
    const unit = fault.among?.phase ?? fault.name;
    units.set(unit, [...(units.get(unit) ?? []), fault]);
  }
  return [...units.values()].flatMap((unit) =>
    seedsOf(unit, seed).map((at) =>
      lanesOf(unit.filter(isPlanned(at, seed)).map((fault) => ({ fault, seed: at }))),
    ),
  );
}

function seedsOf(unit: readonly Fault[], seed?: number): number[] {
  if (seed !== undefined) return [seed];
  return Array.from({ length: Math.max(...unit.map(({ seeds }) => seeds)) }, (_, index) => index + 1);
}

const isPlanned =
  (at: number, seed?: number) =>
  ({ seeds }: Fault): boolean =>
    seed !== undefined || at <= seeds;

function lanesOf(doses: readonly Dose[]): Group {
  const lanes = new Set(doses.map(({ fault }) => fault.among?.lane));
  return [...lanes].map((lane) => doses.filter(({ fault }) => fault.among?.lane === lane));
}

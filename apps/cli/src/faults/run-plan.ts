import { CaseFile, runGroup, type DoseResult, type Group } from './run-doses.ts';
import type { FaultSystem } from './system.ts';

export interface Listener {
  /** What begins. */
  say(what: string): void;
  /** What a group of doses did. */
  done(results: readonly DoseResult[]): void;
}

/**
 * Runs the groups of a plan on several systems at once, each group on one of them. Systems share nothing but the machine.
 *
 * They take groups from both ends of the plan: kills at every step, at its beginning, keep the processors busy; pauses and
 * full disks, at its end, mostly wait. What is to be done after all others is then done in each system.
 */
export async function runPlan(
  systems: readonly FaultSystem[],
  plan: readonly Group[],
  { say, done }: Listener,
): Promise<void> {
  const left = plan.filter((group) => !isAfterAll(group));
  const afterAll = plan.filter(isAfterAll);
  const groups = left.length;
  let begun = 0;
  const runOn = async (system: FaultSystem, next: () => Group | undefined): Promise<void> => {
    const caseFile = new CaseFile(system);
    const run = async (group: Group, place: string): Promise<void> =>
      done(await runGroup(system, group, caseFile, (what) => say(`${place}: ${what}`)));
    for (let group = next(); group; group = next()) await run(group, `${++begun} of ${groups}`);
    for (const group of afterAll) await run(group, 'at the end');
  };
  await Promise.all(
    systems.map((system, index) => runOn(system, () => (index % 2 === 0 ? left.shift() : left.pop()))),
  );
}

const isAfterAll = (group: Group): boolean =>
  group.every((doses) => doses.every(({ fault }) => fault.afterAll));

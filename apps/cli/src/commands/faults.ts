import { writeFile } from 'node:fs/promises';
import { allFaults } from '../faults/catalogue.ts';
import type { Fault } from '../faults/dose.ts';
import { planOf } from '../faults/plan.ts';
import type { DoseResult } from '../faults/run-doses.ts';
import { runPlan } from '../faults/run-plan.ts';
import { faultTable, repeatCommand, safeguardTable } from '../faults/report.ts';
import { safeguardsNamed, trySafeguard, type Trial } from '../faults/safeguards/try-safeguards.ts';
import { startFaultSystem, type FaultSystem } from '../faults/system.ts';
import { Progress } from './progress.ts';

export interface FaultsOptions {
  only?: string;
  seed?: number;
  list: boolean;
  safeguards: boolean;
  report?: string;
}

/**
 * Runs doses of faults against the real system, and says what each did.
 *
 * @returns whether no dose broke anything
 * @throws Error if no fault has that name, or the system cannot be had
 */
export async function faults({ only, seed, list, safeguards, report }: FaultsOptions): Promise<boolean> {
  const progress = new Progress(process.stdout);
  if (safeguards) return takeOutSafeguards(progress, only, seed);
  const chosen = chosenBy(await allFaults(), only);
  if (chosen.length === 0) throw new Error(`No fault is called ${only}; --list names them.`);
  if (list) {
    for (const line of listed(chosen)) progress.line(line);
    return true;
  }

  const plan = planOf(chosen, seed);
  const systemsCount = Math.min(SYSTEMS_MAX, plan.length);
  const startedAt = performance.now();
  progress.line(`Starting the system, ${systemsCount} of it: everything runs in processes of its own.`);
  const systems = await startSystems(systemsCount, (what) => progress.line(`  ${what}`));
  try {
    const results: DoseResult[] = [];
    await runPlan(systems, plan, {
      say: (what) => progress.step(what),
      done(ofGroup) {
        results.push(...ofGroup);
        for (const line of ofGroup.flatMap(violated)) progress.line(line);
      },
    });
    results.sort((a, b) => chosen.indexOf(a.fault) - chosen.indexOf(b.fault) || a.seed - b.seed);
    const elapsedMs = Math.round(performance.now() - startedAt);
    for (const line of ['', ...faultTable(results, elapsedMs)]) progress.line(line);
    if (report) await writeFile(report, reportJson(results, elapsedMs));
    return results.every(({ violations }) => violations.length === 0);
  } finally {
    await Promise.all(systems.map((system) => system.stop()));
  }
}

/** One waits for its processes to come up while another sells. More than two would only wait for each other. */
const SYSTEMS_MAX = 2;

async function startSystems(count: number, say: (what: string) => void): Promise<FaultSystem[]> {
  const started = await Promise.allSettled(
    Array.from({ length: count }, (_, index) => startFaultSystem(index === 0 ? { say } : {})),
  );
  const systems = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const failed = started.find((one) => one.status === 'rejected');
  if (!failed) return systems;
  await Promise.all(systems.map((system) => system.stop()));
  throw failed.reason;
}

function violated({ fault, seed, violations }: DoseResult): string[] {
  if (violations.length === 0) return [];
  const head = `VIOLATED by ${fault.name}, seed ${seed}. Repeat it: ${repeatCommand(fault, seed)}`;
  return [head, ...violations.map((violation) => `  ${violation}`)];
}

/** The one of that name, or else all whose name begins so. */
function chosenBy(faults: readonly Fault[], only = ''): readonly Fault[] {
  const exactly = faults.filter(({ name }) => name === only);
  return exactly.length > 0 ? exactly : faults.filter(({ name }) => name.startsWith(only));
}

/** @returns whether the suite complained without each safeguard, and only then */
async function takeOutSafeguards(progress: Progress, only?: string, seed = 1): Promise<boolean> {
  const trials: Trial[] = [];
  for (const safeguard of safeguardsNamed(only)) {
    progress.line(`Without ${safeguard.name}`);
    const trial = await trySafeguard(safeguard, seed);
    trials.push(trial);
    for (const found of trial.withIt) progress.line(`  WITH IT: ${found}`);
    if (!trial.holds) for (const found of trial.withoutIt) progress.line(`  without it: ${found}`);
  }
  for (const line of ['', ...safeguardTable(trials)]) progress.line(line);
  return trials.every(({ holds }) => holds);
}

function listed(faults: readonly Fault[]): string[] {
  const width = Math.max(...faults.map(({ name }) => name.length));
  return faults.map(
    ({ name, row, seeds, dosesPerSeed = 1 }) => `${name.padEnd(width)}  ${seeds * dosesPerSeed} × ${row}`,
  );
}

function reportJson(results: readonly DoseResult[], elapsedMs: number): string {
  const doses = results.map(({ fault, seed, recoveryMs, violations }) => ({
    fault: fault.name,
    row: fault.row,
    seed,
    doses: fault.dosesPerSeed ?? 1,
    recoveryMs: Math.round(recoveryMs),
    violations,
  }));
  return `${JSON.stringify({ elapsedMs, doses }, null, 2)}\n`;
}

import { writeFile } from 'node:fs/promises';
import { allFaults } from '../faults/catalogue.ts';
import type { Fault } from '../faults/dose.ts';
import { planOf } from '../faults/plan.ts';
import { CaseFile, runGroup, type DoseResult } from '../faults/run-doses.ts';
import { faultTable, repeatCommand, safeguardTable } from '../faults/report.ts';
import { safeguardsNamed, trySafeguard, type Trial } from '../faults/safeguards/try-safeguards.ts';
import { startFaultSystem } from '../faults/system.ts';
import { Progress } from './progress.ts';

export interface FaultsOptions {
  only?: string;
  seed?: number;
  list: boolean;
  safeguards: boolean;
  report?: string;
}

/**
 * Runs doses of faults against the real system, started once, and says what each did.
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

  const startedAt = performance.now();
  progress.line('Starting the system once for all doses: everything runs in processes of its own.');
  const system = await startFaultSystem({ say: (what) => progress.line(`  ${what}`) });
  try {
    const results: DoseResult[] = [];
    const caseFile = new CaseFile(system);
    const plan = planOf(chosen, seed);
    for (const [index, group] of plan.entries()) {
      const done = await runGroup(system, group, caseFile, (what) =>
        progress.step(`${index + 1} of ${plan.length}: ${what}`),
      );
      for (const { fault, seed: of, violations } of done.filter((one) => one.violations.length > 0)) {
        progress.line(`VIOLATED by ${fault.name}, seed ${of}. Repeat it: ${repeatCommand(fault, of)}`);
        for (const violation of violations) progress.line(`  ${violation}`);
      }
      results.push(...done);
    }
    const elapsedMs = Math.round(performance.now() - startedAt);
    for (const line of ['', ...faultTable(results, elapsedMs)]) progress.line(line);
    if (report) await writeFile(report, reportJson(results, elapsedMs));
    return results.every(({ violations }) => violations.length === 0);
  } finally {
    await system.stop();
  }
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

import { reconcile } from '../referee/reconcile.ts';
import { Watchman } from '../referee/watchman.ts';
import { untilAttemptsAtRest } from '../referee/attempts-at-rest.ts';
import type { Difference } from '../referee/difference.ts';
import type { SettleReply } from '../replay/settled.ts';
import type { Fault, Healing } from './dose.ts';
import { Healings, REST_MS } from './healings.ts';
import { randomOf } from './random.ts';
import type { FaultSystem } from './system.ts';

/** One run of a fault with one seed. */
export interface Dose {
  fault: Fault;
  seed: number;
}

export interface DoseResult extends Dose {
  /** From the last healing until every attempt that met the fault was at rest. */
  recoveryMs: number;
  violations: string[];
}

/** Doses that overlap: the lanes run beside each other, each its doses one after the other. */
export type Group = readonly (readonly Dose[])[];

/** The system with all that was ever done to it, and what was found wrong with that. */
export class CaseFile {
  readonly told: SettleReply[] = [];
  private readonly found = new Set<string>();
  private stuck: readonly string[] = [];

  constructor(private readonly system: FaultSystem) {}

  /**
   * Waits until everything is at rest, and has the referee look at everything.
   *
   * @returns what was not found before
   */
  async check(watchman: Watchman): Promise<string[]> {
    await watchman.stop();
    const settled = this.told.map((reply) => ({ answer: { kind: 'reply' as const, reply } }));
    const { underWay, differences } = await this.reconciled(settled);
    this.stuck = underWay;
    const found = [
      ...watchman.take().map(shown),
      ...underWay.map((what) => `still under way a minute after healing: ${what}`),
      ...differences.map(shown),
    ].filter((what) => !this.found.has(what));
    for (const what of found) this.found.add(what);
    return found;
  }

  /** What did not come to rest in a minute is not waited for again. */
  private async reconciled(settled: Parameters<typeof reconcile>[1]): ReturnType<typeof reconcile> {
    const { topology } = this.system;
    if (this.stuck.length > 0) {
      const soon = await reconcile(topology, settled, REST_MS / 10);
      if (soon.underWay.every((what) => this.stuck.includes(what))) return soon;
    }
    return reconcile(topology, settled, REST_MS);
  }
}

/**
 * Runs the doses of a group while a watchman looks; when everything is at rest again the referee looks at all that was ever
 * done to this system.
 */
export async function runGroup(
  system: FaultSystem,
  lanes: Group,
  caseFile: CaseFile,
  say: (what: string) => void,
): Promise<DoseResult[]> {
  const watchman = new Watchman(system.admin);
  const healings = new Healings();
  const results = (
    await Promise.all(lanes.map((doses) => runLane(system, doses, { healings, told: caseFile.told }, say)))
  ).flat();
  const found = await caseFile.check(watchman);
  return found.length === 0 ? results : blame(results, found);
}

/** What the lanes of a group share. */
interface Shared {
  healings: Healings;
  told: SettleReply[];
}

async function runLane(
  system: FaultSystem,
  doses: readonly Dose[],
  shared: Shared,
  say: (what: string) => void,
): Promise<DoseResult[]> {
  const results: Promise<DoseResult>[] = [];
  for (const dose of doses) {
    say(`${dose.fault.name} ${dose.seed}`);
    shared.healings.begun();
    try {
      const healing = await dose.fault.run({ system, seed: dose.seed, random: randomOf(dose.seed) });
      shared.healings.healed(healing.healedAt);
      results.push(untilAtRest(system, dose, healing, shared));
    } catch (error) {
      await system.startAll();
      shared.healings.healed(performance.now());
      results.push(Promise.resolve({ ...dose, recoveryMs: 0, violations: [(error as Error).stack!] }));
    }
  }
  return Promise.all(results);
}

/** Runs on while the lane goes to its next dose. */
async function untilAtRest(
  { admin }: FaultSystem,
  dose: Dose,
  { cohorts, violations = [], ...healing }: Healing,
  { healings, told }: Shared,
): Promise<DoseResult> {
  const attemptIds = cohorts.flatMap((cohort) => cohort.attemptIds);
  const answers = Promise.all(cohorts.map((cohort) => cohort.answers)).then(
    (replies) => {
      told.push(...replies.flat());
      return [];
    },
    (error: Error) => [error.message],
  );
  const unseen: string[] = [];
  const atRest = await untilAttemptsAtRest(admin, attemptIds, () => healings.deadline).catch(
    ({ message }: Error) => void unseen.push(message),
  );
  const recoveryMs = healing.recoveryMs ?? healings.recoveryMs(atRest ?? performance.now());
  const late =
    atRest === undefined || recoveryMs > REST_MS ? ['attempts were not at rest a minute after healing'] : [];
  return {
    ...dose,
    recoveryMs,
    violations: [...violations, ...unseen, ...late, ...(await answers)],
  };
}

/** What the referee finds when doses overlapped counts against the first of them: repeating that seed repeats them all. */
function blame([first, ...others]: DoseResult[], found: string[]): DoseResult[] {
  if (!first) throw new Error(found.join('\n'));
  return [{ ...first, violations: [...first.violations, ...found] }, ...others];
}

function shown({ rule, settlementId, says }: Difference): string {
  const sides = Object.entries(says).map(([side, what]) => `${side}: ${what}`);
  return `${rule} (${settlementId}) ${sides.join('; ')}`;
}

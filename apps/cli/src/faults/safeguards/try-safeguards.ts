import { SERVICES, type Service } from '@couplet/contracts';
import { Watchman } from '../../referee/watchman.ts';
import { preloading } from '../preload/preloading.ts';
import { randomOf } from '../random.ts';
import { CaseFile } from '../run-doses.ts';
import { startFaultSystem, type FaultSystem } from '../system.ts';
import { SAFEGUARDS } from './all-safeguards.ts';
import type { Safeguard, ServiceMutation } from './safeguard.ts';

export interface Trial {
  safeguard: Safeguard;
  /** What was found wrong with the safeguard in force; must be nothing. */
  withIt: string[];
  /** What was found wrong without it. */
  withoutIt: string[];
  /** Nothing with it, and every expected rule without it. */
  holds: boolean;
}

/** Some doses are races, which need not meet every time: without the safeguard they are given until it is missed. */
const DOSES_MAX = 6;

/** Gives the same dose to a system with a safeguard and then without it; each safeguard has a system of its own. */
export async function trySafeguard(safeguard: Safeguard, seed: number): Promise<Trial> {
  const system = await startFaultSystem();
  try {
    const { temptation = [], without, withoutInDatabase } = safeguard;
    const caseFile = new CaseFile(system);
    const withIt = await giveDose(system, safeguard, temptation, seed, caseFile);
    if (withoutInDatabase) await system.admin.query(withoutInDatabase);
    const withoutIt: string[] = [];
    const isSeen = () => safeguard.seenBy.every((rule) => withoutIt.some((found) => found.startsWith(rule)));
    for (let given = 0; given < DOSES_MAX && !isSeen(); given++) {
      const mutations = [...temptation, ...without];
      withoutIt.push(...(await giveDose(system, safeguard, mutations, seed + given, caseFile)));
    }
    return { safeguard, withIt, withoutIt, holds: withIt.length === 0 && isSeen() };
  } finally {
    await system.stop();
  }
}

/** @throws if no safeguard has that name */
export function safeguardsNamed(only?: string): readonly Safeguard[] {
  const chosen = SAFEGUARDS.filter(({ name }) => only === undefined || name === only);
  if (chosen.length === 0) throw new Error(`No safeguard is called ${only}.`);
  return chosen;
}

async function giveDose(
  system: FaultSystem,
  { dose }: Safeguard,
  mutations: readonly ServiceMutation[],
  seed: number,
  caseFile: CaseFile,
): Promise<string[]> {
  const { services } = system.topology;
  const settings = settingsOf(mutations);
  for (const service of SERVICES) {
    if (!settings[service]) continue;
    const { output } = await services.startOnce(service, settings[service]);
    const expected = mutations.filter((mutation) => mutation.service === service).map(({ module }) => module);
    for (const module of expected) {
      const isMutated = output().some((line) => line.includes('"mutated"') && line.includes(module));
      if (!isMutated) throw new Error(`${service} runs without the change of ${module}`);
    }
  }
  const watchman = new Watchman(system.admin);
  const healing = await dose({ system, seed, random: randomOf(seed), settings });
  const told = await Promise.all(healing.cohorts.map(({ answers }) => answers.catch(() => [])));
  caseFile.told.push(...told.flat());
  return [...(healing.violations ?? []), ...(await caseFile.check(watchman))];
}

/** Beside what lets it be killed at its steps. */
function settingsOf(mutations: readonly ServiceMutation[]): Partial<Record<Service, Record<string, string>>> {
  const settings: Partial<Record<Service, Record<string, string>>> = {};
  for (const service of new Set(mutations.map((mutation) => mutation.service))) {
    const own = mutations.filter((mutation) => mutation.service === service);
    settings[service] = {
      NODE_OPTIONS: [preloading('arm-failpoints'), preloading('mutate')]
        .map(({ NODE_OPTIONS }) => NODE_OPTIONS)
        .join(' '),
      COUPLET_MUTATIONS: JSON.stringify(own),
    };
  }
  return settings;
}

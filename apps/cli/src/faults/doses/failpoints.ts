import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { SERVICES, type Capabilities, type Service } from '@couplet/contracts';
import type { RunningProcess } from '@couplet/infra';
import { howTheyStand } from '../../referee/attempts-at-rest.ts';
import { WORKSPACE } from '../../workspace.ts';
import type { DoseContext, Fault, Healing } from '../dose.ts';
import { between } from '../random.ts';
import { ADJUSTABLE, REVERSE_THEN_ASK } from '../traffic/rails.ts';
import type { Cohort } from '../traffic/traffic.ts';

const SEEDS = 20;
/** A step that every cohort of sales leads to is passed again in one of this many. */
const COHORTS_MAX = 24;
const COHORT_MS = 2_500;
/** Longer than a reservation lasts before the registry asks for its end. */
const RESERVED_COHORT_MS = 7_000;
const RELAY_SERVICE: Service = 'settlement-relay';
/** Steps that only the scan of a bar code takes. */
const SCANNING = /^(barcode|registry\.use)\./;
/** Steps on the way of an offer, which no sale takes. */
const ADMINISTRATION = /^(issuance|registry\.(offer|claim))/;

/** Every step at which a service can be killed, as the services list them. */
export async function failpointFaults(): Promise<Fault[]> {
  const faults: Fault[] = [];
  for (const service of SERVICES) {
    for (const failpoint of await failpointsOf(service)) faults.push(faultOf(service, failpoint));
  }
  return faults;
}

async function failpointsOf(service: Service): Promise<readonly string[]> {
  const file = path.join(WORKSPACE, 'apps', service, 'dist', 'failpoints.js');
  try {
    return ((await import(pathToFileURL(file).href)) as { FAILPOINTS: readonly string[] }).FAILPOINTS;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND') return []; // It has none.
    throw error;
  }
}

function faultOf(service: Service, failpoint: string): Fault {
  return {
    name: `failpoint:${failpoint}`,
    row: `kill -9 of ${service} at each of its steps`,
    seeds: SEEDS,
    among: amongOf(service, failpoint),
    run: (context) => onItsRail(failpoint, context, () => killAt(service, failpoint, context)),
  };
}

/** Every service is killed in a lane of its own; what needs the relay to be as it seldom is has the system for itself. */
function amongOf(service: Service, failpoint: string): NonNullable<Fault['among']> {
  const isOfRelay = service === RELAY_SERVICE;
  const isApart = isOfRelay ? STRATEGIES.some(({ steps }) => steps.test(failpoint)) : undecidedFor(failpoint);
  if (isApart) return { phase: 'steps-apart', lane: 'all' };
  return { phase: 'steps', lane: service };
}

/** What a step needs so that sales lead to it. */
const STRATEGIES: readonly { steps: RegExp; rail: Capabilities; settings: Record<string, string> }[] = [
  { steps: /reverse-first|after-reversal/, rail: REVERSE_THEN_ASK, settings: {} },
  { steps: /swap-early/, rail: ADJUSTABLE, settings: { EARLY_SWAP_MS: '300' } },
];

async function onItsRail(
  failpoint: string,
  { system }: DoseContext,
  run: () => Promise<Healing>,
): Promise<Healing> {
  const strategy = STRATEGIES.find(({ steps }) => steps.test(failpoint));
  if (!strategy) return run();
  await system.traffic.setRail(strategy.rail);
  await system.topology.services.startOnce(RELAY_SERVICE, strategy.settings);
  const healing = await run();
  await system.traffic.setRail(ADJUSTABLE);
  return healing;
}

/** Kills the service at that step in the middle of sales, and starts it again. */
export async function killAt(service: Service, failpoint: string, context: DoseContext): Promise<Healing> {
  const { system, random } = context;
  const { services } = system.topology;
  const undecided = undecidedFor(failpoint);
  const passing = between(random, 1, 2);
  const cohorts: Cohort[] = [];
  const meanwhile: Promise<unknown>[] = [];
  let armed: RunningProcess | undefined;
  let dead = false;
  for (let round = 0; round < COHORTS_MAX && !dead; round++) {
    const left = undecided ? leaveUndecided(undecided.settings, context) : undefined;
    if (service === RELAY_SERVICE) await left; // It is another process now.
    if (armed !== services.of(service)) armed = await system.arm(service, failpoint, passing);
    // Preparing the sales may lead to the step, too.
    const selling = Promise.all([left, system.traffic.sell()]).then((begun) =>
      cohorts.push(...begun.filter((cohort) => cohort !== undefined)),
    );
    if (SCANNING.test(failpoint)) meanwhile.push(system.shop.scan(system.tills));
    if (ADMINISTRATION.test(failpoint)) meanwhile.push(system.shop.administrate());
    meanwhile.push(selling);
    const killed = armed.exited.then(() => true);
    // The registry asks a relay that is up: on a busy machine its start takes seconds.
    const waited = Promise.resolve(left).then(() => sleep(undecided?.cohortMs ?? COHORT_MS));
    dead = await Promise.race([killed, Promise.all([selling, waited]).then(() => false)]);
  }
  for (const name of new Set<Service>([service, ...(undecided ? [RELAY_SERVICE] : [])])) {
    await services.startOnce(name, { ...context.settings?.[name] });
  }
  const healedAt = performance.now();
  await Promise.all(meanwhile);
  if (dead) return { healedAt, cohorts };
  const attemptIds = cohorts.flatMap((cohort) => cohort.attemptIds);
  const sales = await howTheyStand(system.admin, attemptIds);
  return { healedAt, cohorts, violations: [`${service} never came to ${failpoint}; its sales: ${sales}`] };
}

/** What lets an attempt wait for the step: undecided ones, for the sweeper or, where that is slow, for the registry. */
function undecidedFor(failpoint: string): { settings: Record<string, string>; cohortMs: number } | undefined {
  if (/^sweeper\..*abandon$/.test(failpoint)) return { settings: {}, cohortMs: COHORT_MS };
  // A relay that is started again sweeps at once: before that, the registry must have asked.
  if (failpoint.startsWith('registry.resolved.'))
    return { settings: { SWEEP_MS: '60000' }, cohortMs: RESERVED_COHORT_MS };
  return undefined;
}

/** Crashes settlement-relay in the middle of sales, and starts it again with these settings. */
async function leaveUndecided(
  settings: Record<string, string>,
  { system, random }: DoseContext,
): Promise<Cohort> {
  const { services } = system.topology;
  const cohort = await system.traffic.sell();
  await sleep(between(random, 20, 150));
  await services.crash(RELAY_SERVICE);
  await services.startOnce(RELAY_SERVICE, settings);
  return cohort;
}

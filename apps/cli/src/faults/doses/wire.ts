import { setTimeout as sleep } from 'node:timers/promises';
import { SERVICES, type Service } from '@couplet/contracts';
import { connectNats } from '@couplet/nats';
import { untilAttemptsAtRest } from '../../referee/attempts-at-rest.ts';
import { RELAY } from '../../topology/nats-users.ts';
import type { DoseContext, Fault, Healing } from '../dose.ts';
import type { LaneFaults } from '../link/lane.ts';
import { bothWays, startLink, type Link } from '../link/start-link.ts';
import type { FaultSystem } from '../system.ts';
import { Traffic, type Cohort } from '../traffic/traffic.ts';

const MIXED_UP = 1_000;
const MIXING: LaneFaults = { duplicate: 0.3, reorder: 0.3, strayMs: 40 };
const LOSSY: LaneFaults = { drop: 0.03, duplicate: 0.03, delayMs: { min: 0, max: 30 } };
const LOSSY_COHORTS = 3;
const PATIENCE_MS = 120_000;

/** A bad line between NATS and everybody else. */
export const WIRE_FAULTS: readonly Fault[] = [
  {
    name: 'wire:mixed-up',
    row: 'messages duplicated and reordered',
    seeds: 1,
    dosesPerSeed: MIXED_UP,
    run: (context) => onBadLines(context, mixUp),
  },
  {
    name: 'wire:lossy',
    row: 'messages lost, doubled and late',
    seeds: 3,
    run: (context) => onBadLines(context, lose),
  },
  {
    name: 'wire:half-open',
    row: 'connections dead without being closed',
    seeds: 3,
    run: (context) => onBadLines(context, strand),
  },
];

interface Lines {
  links: readonly Link[];
  /** Its tills ask over a bad line, too. */
  traffic: Traffic;
}

/** Every service and the tills reach NATS over a link of their own; afterwards directly again. */
async function onBadLines(
  { system, seed }: DoseContext,
  fault: (lines: Lines) => Promise<{ healedAt: number; cohorts: Cohort[] }>,
): Promise<Healing> {
  const { services, nats, accessOf } = system.topology;
  const links = await Promise.all(
    [...SERVICES, RELAY].map((_, index) => startLink({ target: nats.url, seed: seed * 1_000 + index * 50 })),
  );
  const startAll = (settingsOf: (index: number) => Record<string, string>) =>
    Promise.all(SERVICES.map((service: Service, index) => services.startOnce(service, settingsOf(index))));
  await startAll((index) => ({ NATS_URL: links[index]!.url }));
  const tills = await connectNats({ ...accessOf(RELAY), url: links.at(-1)!.url });
  const { healedAt, cohorts } = await fault({ links, traffic: trafficOf(system, tills) });

  // Over lines that are good again the sales come to an end; then the lines are taken away.
  const attemptIds = cohorts.flatMap((cohort) => cohort.attemptIds);
  const atRest = await untilAttemptsAtRest(system.admin, attemptIds, () => healedAt + PATIENCE_MS);
  const recoveryMs = (atRest ?? performance.now()) - healedAt;
  await Promise.all(cohorts.map(({ answers }) => answers.catch(() => undefined)));
  await startAll(() => ({}));
  await tills.close();
  await Promise.all(links.map((link) => link.close()));
  return { healedAt, cohorts, recoveryMs };
}

const trafficOf = ({ shop, operator }: FaultSystem, tills: FaultSystem['tills']): Traffic =>
  new Traffic(shop, operator, tills);

async function mixUp({ links, traffic }: Lines) {
  const cohorts: Cohort[] = [];
  for (const link of links) link.set(bothWays(MIXING));
  const total = (what: 'duplicated' | 'reordered') => links.reduce((sum, { stats }) => sum + stats[what], 0);
  while (total('duplicated') < MIXED_UP || total('reordered') < MIXED_UP) {
    const cohort = await traffic.sell();
    cohorts.push(cohort);
    await Promise.race([cohort.answers.catch(() => undefined), sleep(1_000)]);
  }
  return heal(links, cohorts);
}

async function lose({ links, traffic }: Lines) {
  const cohorts: Cohort[] = [];
  for (const link of links) link.set(bothWays(LOSSY));
  for (let sold = 0; sold < LOSSY_COHORTS; sold++) {
    cohorts.push(await traffic.sell());
    await Promise.race([cohorts.at(-1)!.answers.catch(() => undefined), sleep(2_000)]);
  }
  return heal(links, cohorts);
}

/** From that moment a new connection would be good: recovery is how long everybody takes to notice, and to catch up. */
async function strand({ links, traffic }: Lines) {
  const before = await traffic.sell();
  for (const link of links) link.strand();
  const healedAt = performance.now();
  return { healedAt, cohorts: [before] };
}

function heal(links: readonly Link[], cohorts: Cohort[]): { healedAt: number; cohorts: Cohort[] } {
  for (const link of links) link.heal();
  return { healedAt: performance.now(), cohorts };
}

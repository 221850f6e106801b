import { setTimeout as sleep } from 'node:timers/promises';
import { SERVICES } from '@couplet/contracts';
import type { DoseContext, Fault, Healing } from '../dose.ts';
import { between } from '../random.ts';
import type { FaultSystem } from '../system.ts';

const CRASHES = 5;
const AMONG = { phase: 'crashes', lane: 'all' };

/** kill -9 of each service, of PostgreSQL and of NATS, at any moment under traffic. */
export const CRASH_FAULTS: readonly Fault[] = [
  ...SERVICES.map((service): Fault => ({
    name: `kill:${service}`,
    row: 'kill -9 of each service at any moment',
    seeds: CRASHES,
    among: AMONG,
    run: (context) =>
      crash(context, async ({ topology: { services } }) => {
        await services.crash(service);
        await services.startOnce(service, {});
      }),
  })),
  {
    name: 'kill:postgres',
    row: 'kill -9 of PostgreSQL, crash recovery',
    seeds: CRASHES,
    among: AMONG,
    run: (context) => crash(context, ({ topology: { postgres } }) => downFor(context, postgres)),
  },
  {
    name: 'kill:nats',
    row: 'kill -9 of NATS, start on its store',
    seeds: CRASHES,
    among: AMONG,
    run: (context) => crash(context, ({ topology: { nats } }) => downFor(context, nats)),
  },
];

interface Server {
  kill(): Promise<void>;
  restart(): Promise<void>;
}

/** The server is away for up to a second, so that some requests meet nothing and some a server that is starting. */
async function downFor({ random }: DoseContext, server: Server): Promise<void> {
  await server.kill();
  await sleep(between(random, 0, 1_000));
  await server.restart();
}

/** @param fault resolves when it is healed */
async function crash(
  { system, random }: DoseContext,
  fault: (system: FaultSystem) => Promise<void>,
): Promise<Healing> {
  const before = await system.traffic.sell();
  await sleep(between(random, 0, 200));
  // Sales that begin while it is down meet the fault, too.
  const meanwhile = system.traffic.sell();
  meanwhile.catch(() => undefined);
  await fault(system);
  const healedAt = performance.now();
  return { healedAt, cohorts: [before, await meanwhile] };
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { Service } from '@couplet/contracts';
import type { Fault } from '../dose.ts';

const PAUSE_MS = 60_000;
/** What a sale does not wait for can be paused together. */
const PAUSED: Readonly<Record<string, readonly Service[]>> = {
  'settlement-relay': ['settlement-relay'],
  'medium-registry': ['medium-registry'],
  'network-simulator': ['network-simulator'],
  'the-others': ['analytics', 'issuance', 'barcode'],
};

/** A service that is there and does nothing for a minute, as on a machine without memory. */
export const PAUSE_FAULTS: readonly Fault[] = Object.entries(PAUSED).map(([name, paused]) => ({
  name: `pause:${name}`,
  row: 'a service paused for a minute',
  seeds: 1,
  dosesPerSeed: paused.length,
  among: { phase: 'pauses', lane: 'all' },
  async run({ system }) {
    const pids = paused.map((service) => system.topology.services.of(service).pid);
    const before = await system.traffic.sell();
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    const meanwhile = system.traffic.sell();
    meanwhile.catch(() => undefined);
    await sleep(PAUSE_MS);
    for (const pid of pids) process.kill(pid, 'SIGCONT');
    const healedAt = performance.now();
    return { healedAt, cohorts: [before, await meanwhile] };
  },
}));

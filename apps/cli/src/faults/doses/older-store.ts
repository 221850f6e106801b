import { cp, rename, rm } from 'node:fs/promises';
import { outboxReplay } from '../../commands/outbox-replay.ts';
import { variableOf } from '../../commands/migrate.ts';
import { outboxes } from '../../referee/rest.ts';
import type { DoseContext, Fault, Healing } from '../dose.ts';
import type { Cohort } from '../traffic/traffic.ts';

/** NATS comes back with what it knew some time ago: acknowledged events are gone, and read ones are unread. */
export const OLDER_STORE_FAULTS: readonly Fault[] = [
  {
    name: 'older-store',
    row: 'NATS put back to an older store, rebuilt by outbox replay',
    seeds: 2,
    run: putBack,
  },
];

async function putBack({ system }: DoseContext): Promise<Healing> {
  const { nats, databaseUrls } = system.topology;
  const { storeDirectory } = nats;
  if (!storeDirectory) throw new Error('the store of this NATS server cannot be reached from here');
  const older = `${storeDirectory}.older`;
  await nats.kill();
  await cp(storeDirectory, older, { recursive: true });
  await nats.restart();
  const since = new Date();
  const lost = await sellToTheEnd(system);

  await nats.kill();
  await rm(storeDirectory, { recursive: true });
  await rename(older, storeDirectory);
  await nats.restart();
  const after = await system.traffic.sell();
  for (const service of await outboxes(system.admin)) {
    await outboxReplay({ [variableOf(service)]: databaseUrls[service] }, service, since);
  }
  return { healedAt: performance.now(), cohorts: [lost, after] };
}

/** So that its events are in the store that goes. */
async function sellToTheEnd({ traffic }: DoseContext['system']): Promise<Cohort> {
  const cohort = await traffic.sell();
  await cohort.answers;
  return cohort;
}

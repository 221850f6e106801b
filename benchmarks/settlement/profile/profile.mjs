import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SERVICES } from '@couplet/contracts';
import { pathToFileURL } from 'node:url';
import { summarise } from './summarise.mjs';

/** What services have to be started with. */
export const PRELOAD = pathToFileURL(path.join(import.meta.dirname, 'preload.mjs')).href;
/** On the way of a settlement. */
const PROFILED = SERVICES.filter((name) =>
  ['settlement-relay', 'medium-registry', 'network-simulator', 'analytics'].includes(name),
);
const WRITTEN_BY_MS = 30_000;

/** Where the time goes while as many settlements are made as go: in the services, and in statements of the database. */
export async function profile(system, { offerIds, concurrency, seconds }) {
  const countMax = Math.ceil(2 * system.bestPerS * seconds);
  const from = await system.shoppers.bring(countMax, offerIds);
  await system.counters.forgetStatements();
  const pids = system.pids();
  const signal = () => PROFILED.forEach((name) => process.kill(pids[name], 'SIGUSR2'));
  signal();
  await system.settle({ concurrency, seconds, from, countMax });
  signal();
  const services = {};
  for (const name of PROFILED) {
    services[name] = summarise(await written(path.join(system.profiles.path, `${name}.cpuprofile`)));
  }
  await system.untilAtRest();
  return { services, statements: await system.counters.dearest() };
}

async function written(file) {
  for (const end = performance.now() + WRITTEN_BY_MS; ; await sleep(50)) {
    const text = await readFile(file, 'utf8').catch((error) => {
      if (error.code === 'ENOENT' && performance.now() < end) return undefined;
      throw error;
    });
    if (text) return JSON.parse(text);
  }
}

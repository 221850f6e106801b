import { SERVICES } from '@couplet/contracts';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 5;
const PATIENCE_MS = 30_000;

/** From the start of each service's process to the first answer it gives on NATS, one after the other. @returns ms by service */
export async function coldStarts({ topology, operatorConnection }) {
  const result = {};
  for (const name of SERVICES) {
    await topology.services.stop(name);
    const startedAt = performance.now();
    const starting = topology.services.start(name);
    await firstAnswer(operatorConnection, name, startedAt + PATIENCE_MS);
    result[name] = performance.now() - startedAt;
    await starting;
  }
  return result;
}

async function firstAnswer(connection, name, until) {
  while (performance.now() < until) {
    const answered = await connection.request(`$SRV.PING.${name}`, '', { timeout: 500 }).then(
      () => true,
      () => false, // Nobody listens yet.
    );
    if (answered) return;
    await sleep(POLL_MS);
  }
  throw new Error(`${name} did not answer in ${PATIENCE_MS} ms`);
}

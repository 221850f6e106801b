import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Until all of the engine that a run takes is compiled: in a new process that takes well over a second. */
const WARM_UP_MS = 2_000;
const MEASURE_MS = 400;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');

/**
 * How often a function, synchronous or not, runs to its end in a second of processor time: what else the machine
 * does then weighs less. What was left over from before is collected first, the garbage of the runs is theirs.
 */
export async function perSecond(run) {
  collectGarbage(); // Before the warm-up: it throws away compiled code too, and the space that the young had grown to.
  await repeat(run, WARM_UP_MS);
  return repeat(run, MEASURE_MS);
}

async function repeat(run, forMs) {
  const start = process.cpuUsage();
  let times = 0;
  let elapsedMs = 0;
  for (let batch = 1; elapsedMs < forMs; batch = elapsedMs * 10 < forMs ? batch * 2 : batch) {
    for (let n = 0; n < batch; n++) await run();
    times += batch;
    const { user, system } = process.cpuUsage(start);
    elapsedMs = (user + system) / 1_000;
  }
  return (times * 1_000) / elapsedMs;
}

const WARM_UP_MS = 150;
const MEASURE_MS = 400;

/**
 * How often a function, synchronous or not, runs to its end in a second of processor time: what else the machine
 * does then weighs less.
 */
export async function perSecond(run) {
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

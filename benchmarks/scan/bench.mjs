/**
 * Scans per second of the system beside PostgreSQL's ceiling for one such transaction at 32 clients, in one run; and how long
 * a shopper waits at 10 % and at 50 % of it. `node bench.mjs [--seconds N] [--tills N]`
 *
 * A scan is what a store's computer sees: one request over NATS, the code verified, the coupon reserved in the registry's
 * database, the discount worked out, the grant durable in barcode's database. What follows by events runs meanwhile.
 */
import { parseArgs } from 'node:util';
import { ceiling } from './ceiling.mjs';
import { startSystem } from './system.mjs';

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '10' }, tills: { type: 'string', default: '64' } },
});
const [seconds, tills] = [Number(values.seconds), Number(values.tills)];

const system = await startSystem({ codes: 4_000 + seconds * 6_000 });
try {
  const most = await ceiling(system.adminUrl, seconds);
  console.log(
    `PostgreSQL alone, the transaction of one scan, 32 clients   ${Math.round(most)}/s (${system.pgbench})`,
  );
  await closedLoop(tills, 2); // Warm.
  const { perSecond, p50, p99 } = await closedLoop(tills, seconds);
  console.log(
    `The system, ${tills} tills at once                           ${Math.round(perSecond)}/s, p50 ${ms(p50)}, p99 ${ms(p99)}`,
  );
  console.log(`Ratio                                                       ${(perSecond / most).toFixed(2)}`);
  for (const share of [0.1, 0.5]) {
    const waits = await openLoop(perSecond * share, seconds);
    console.log(
      `At ${share * 100} % of that, ${Math.round(perSecond * share)}/s                              p50 ${ms(waits.p50)}, p99 ${ms(waits.p99)}`,
    );
  }
} finally {
  await system.stop();
}

/** Every till scans again as soon as it is answered. */
async function closedLoop(count, forSeconds) {
  const waits = [];
  const start = performance.now();
  const end = start + forSeconds * 1000;
  await Promise.all(
    Array.from({ length: count }, async () => {
      while (performance.now() < end) waits.push(await timed());
    }),
  );
  return { perSecond: (waits.length / (performance.now() - start)) * 1000, ...quantiles(waits) };
}

/** Tills come when they come (Poisson), however long others wait. */
async function openLoop(perSecond, forSeconds) {
  const running = [];
  const start = performance.now();
  for (
    let at = start;
    at < start + forSeconds * 1000;
    at += (-Math.log(1 - Math.random()) / perSecond) * 1000
  ) {
    const waitMs = at - performance.now();
    if (waitMs > 1) await new Promise((resolve) => setTimeout(resolve, waitMs));
    running.push(timed());
  }
  return quantiles(await Promise.all(running));
}

async function timed() {
  const start = performance.now();
  await system.scan();
  return performance.now() - start;
}

function quantiles(waits) {
  const sorted = waits.toSorted((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  return { p50: at(0.5), p99: at(0.99) };
}

function ms(value) {
  return `${value.toFixed(1)} ms`;
}

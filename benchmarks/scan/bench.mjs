/**
 * Scans per second of the system beside PostgreSQL's ceiling for one such transaction at 32 clients, in one run; what a scan
 * costs; and how long a shopper waits at 10 % and at 50 % of it.
 *
 * A scan is what a store's computer sees: one request over NATS, the code verified, its coupon taken and used in the
 * registry's database, the discount worked out, all of it durable there and in barcode's. What follows by events runs
 * meanwhile.
 */
import { parseArgs } from 'node:util';
import { ceiling } from './ceiling.mjs';
import { startSystem } from './system.mjs';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '10' },
    tills: { type: 'string', default: '16,64,256' },
    profile: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(`npm run bench:scan -- [options]
  --seconds N     of each measurement (10)
  --tills N,N,…   at once; the one that scans most counts (16,64,256)
  --profile       functions of the services and statements of the database that take most, last`);
  process.exit();
}
const seconds = Number(values.seconds);
const tills = values.tills.split(',').map(Number);

const codes = 8_000 + seconds * 3_000 * (tills.length + 2 + Number(values.profile));
const system = await startSystem({ codes, profiled: values.profile });
try {
  const before = await ceiling(system.adminUrl, seconds);
  await closedLoop(Math.max(...tills), 3); // Warm.
  const runs = [];
  for (const count of tills) runs.push(await costed(() => closedLoop(count, seconds), count));
  const after = await ceiling(system.adminUrl, seconds);
  const most = (before + after) / 2;
  say('PostgreSQL alone, the transaction of one scan, 32 clients', `${rounded(most)}/s`);
  console.log(`  ${rounded(before)} before, ${rounded(after)} after; ${system.pgbench}`);
  for (const { count, perSecond, p50, p99 } of runs) {
    say(`The system, ${count} tills at once`, `${rounded(perSecond)}/s, p50 ${ms(p50)}, p99 ${ms(p99)}`);
  }
  const best = runs.toSorted((a, b) => b.perSecond - a.perSecond)[0];
  say('Ratio', (best.perSecond / most).toFixed(2));
  for (const share of [0.1, 0.5]) {
    const waits = await openLoop(best.perSecond * share, seconds);
    say(
      `At ${share * 100} % of that, ${rounded(best.perSecond * share)}/s`,
      `p50 ${ms(waits.p50)}, p99 ${ms(waits.p99)}`,
    );
  }
  console.log(`\nA scan at ${best.count} tills, until all its events are published`);
  for (const [name, us] of Object.entries(best.cpuUs)) say(`  ${name}`, `${rounded(us)} µs of CPU`);
  const { statements, commits, walBytes, rows } = best.database;
  say(
    '  PostgreSQL',
    [
      ...(statements === undefined ? [] : [`${statements.toFixed(2)} statements`]),
      `${commits.toFixed(2)} commits, ${rounded(walBytes)} bytes of WAL, ${rows.toFixed(1)} rows written`,
    ].join(', '),
  );
  if (values.profile) await profile(best.count);
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
  return {
    scans: waits.length,
    perSecond: (waits.length / (performance.now() - start)) * 1000,
    ...quantiles(waits),
  };
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

/** With what each scan of it cost. */
async function costed(work, count) {
  const before = await system.costs();
  const result = await work();
  const after = await system.costs();
  const each = (of) => (of(after) - of(before)) / result.scans;
  const names = Object.keys(after.processes);
  return {
    ...{ count, ...result },
    cpuUs: Object.fromEntries(names.map((name) => [name, each(({ processes }) => processes[name].cpuUs)])),
    database: Object.fromEntries(
      Object.keys(after.database).map((name) => [name, each(({ database }) => database[name])]),
    ),
  };
}

async function profile(count) {
  await system.forgetStatements();
  system.toggleProfiles();
  const { scans } = await closedLoop(count, seconds);
  system.toggleProfiles();
  for (const [name, { busyMs, parts, functions }] of Object.entries(await system.profiles())) {
    console.log(`\n${name}: busy ${rounded((busyMs * 1000) / scans)} µs a scan`);
    for (const { name: what, share } of [...parts.slice(0, 12), ...functions])
      console.log(`  ${(share * 100).toFixed(1).padStart(5)} %  ${what}`);
  }
  console.log();
  for (const { role, calls, totalMs, query } of await system.dearest()) {
    const usEach = ((totalMs * 1000) / scans).toFixed(1).padStart(6);
    console.log(`${usEach} µs a scan, ${(calls / scans).toFixed(3)} calls, ${role}: ${query.slice(0, 110)}`);
  }
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

function say(what, value) {
  console.log(`${what.padEnd(60)}${value}`);
}

function ms(value) {
  return `${value.toFixed(1)} ms`;
}

function rounded(value) {
  return String(Math.round(value));
}

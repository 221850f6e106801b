/** `npm run bench`: what the hot path costs, as ratios of what PostgreSQL alone does in the same minutes. */
import { writeFile } from 'node:fs/promises';
import { Progress } from '../../apps/cli/dist/commands/progress.js';
import { Ceiling } from './ceiling/ceiling.mjs';
import { machine } from './measure/machine.mjs';
import { USAGE, optionsOf } from './options.mjs';
import { ormBaseline } from './phases/baseline.mjs';
import { coldStarts } from './phases/cold-start.mjs';
import { crashes } from './phases/crash.mjs';
import { growth, LARGE, SMALL } from './phases/growth.mjs';
import { hotRows } from './phases/hot.mjs';
import { latency, LEG_MS, legAlone } from './phases/latency.mjs';
import { bestConcurrency, throughput } from './phases/throughput.mjs';
import { PRELOAD, profile } from './profile/profile.mjs';
import { details } from './report/details.mjs';
import { goals, goalTable, lostBy } from './report/goals.mjs';
import { profileText } from './report/profile-text.mjs';
import { System } from './system.mjs';

const OFFERS = 20;

const options = optionsOf(process.argv.slice(2));
if (options.help) {
  process.stdout.write(USAGE);
  process.exit();
}
const progress = new Progress(process.stderr);
const report = await bench(options, (what) => progress.line(`${elapsed()} ${what}`)).catch((error) => {
  console.error(`The benchmark failed: ${error.message}`);
  process.exit(1);
});
const rows = goals(report);
const lines = [goalTable(rows), details(report), ...(report.profile ? [profileText(report.profile)] : [])];
console.log(lines.join('\n\n'));
if (options.report)
  await writeFile(options.report, `${JSON.stringify({ goals: rows, ...report }, null, 2)}\n`);
process.exitCode = report.differences.length === 0 && lostBy(report.crashes) === 0 ? 0 : 1;

/** Every phase in turn, on one system that is started once. What would disturb the referee comes after it. */
async function bench({ runs, seconds, large, crash, profile: profiled, only }, say) {
  const wants = (phase) => only === undefined || only.includes(phase);
  const measured = { startedAt: new Date().toISOString(), machine: await machine(), runs, seconds };
  if (measured.machine.foreignCores > 0.1)
    say(`NOT QUIET: other work takes ${measured.machine.foreignCores.toFixed(1)} cores`);
  const system = await System.start({ say, preload: profiled ? PRELOAD : undefined });
  const timed = { runs, seconds, say };
  try {
    const offerIds = await system.newOffers(OFFERS);
    say('warming up');
    const concurrency = await bestConcurrency(system, { offerIds, seconds });
    const load = { offerIds, concurrency, ...timed };
    const grow = growth(system, load);
    if (wants('growth')) measured.growth = [await grow(SMALL)]; // While there are few others.
    say('what PostgreSQL alone commits');
    const ceiling = await Ceiling.prepare(system);
    const before = await ceiling.measure(seconds);
    say('settlements, as many as go');
    measured.throughput = await throughput(system, load);
    measured.concurrency = concurrency;
    measured.notHot = await system.counters.notHot();
    measured.ceiling = { before, after: await ceiling.measure(seconds) };
    const capacityPerS = measured.throughput.grantedPerS;
    if (wants('latency')) measured.latency = await latency(system, { offerIds, capacityPerS, ...timed });
    if (wants('hot')) say('one hot row');
    if (wants('hot')) measured.hot = await hotRows(system, load);
    if (wants('growth') && large) for (const size of LARGE) measured.growth.push(await grow(size));
    if (profiled) measured.profile = await profile(system, load);
    if (crash) measured.crashes = await crashes(system, { offerIds, say });
    if (wants('cold-start')) say('cold starts');
    if (wants('cold-start')) measured.coldStartMs = await coldStarts(system);

    say('waiting until everything is at rest, then asking the referee');
    Object.assign(measured, await system.reconcile());
    if (wants('latency')) measured.leg = { latencyMs: LEG_MS, ...(await legAlone(system, timed)) };
    if (wants('baseline')) say('the usual style of an ORM');
    if (wants('baseline')) measured.baseline = await ormBaseline(system, { runs: 1, seconds });
    return measured;
  } finally {
    await system.stop();
  }
}

function elapsed() {
  return `${process.uptime().toFixed(0).padStart(4)} s `;
}

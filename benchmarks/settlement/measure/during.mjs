import { measureProcesses } from './processes.mjs';

/**
 * Does something and says what it cost by process and in the database, until everything it set off is at rest: what a
 * reply leaves to be done afterwards is paid for, too.
 *
 * @param work resolves to something with `ok`, the number that costs are divided by
 */
export async function during(system, work) {
  const before = { processes: measureProcesses(system.pids()), database: await system.counters.read() };
  const startedAt = performance.now();
  const result = await work();
  const underLoad = measureProcesses(system.pids());
  await system.untilAtRest();
  const allS = (performance.now() - startedAt) / 1_000;
  const after = { processes: measureProcesses(system.pids()), database: await system.counters.read() };
  const each = (name) => (after.database[name] - before.database[name]) / result.ok;
  const updates = after.database.updates - before.database.updates;
  const hotUpdates = after.database.hotUpdates - before.database.hotUpdates;
  return {
    ...result,
    allS,
    atRestPerS: result.ok / allS,
    cpuUsEach: Object.fromEntries(
      Object.keys(after.processes).map((name) => [
        name,
        (after.processes[name].cpuUs - (before.processes[name]?.cpuUs ?? 0)) / result.ok,
      ]),
    ),
    rssMiB: Object.fromEntries(
      Object.entries(underLoad).map(([name, { rssBytes }]) => [name, rssBytes / 2 ** 20]),
    ),
    statementsEach: each('statements'),
    commitsEach: each('commits'),
    walBytesEach: each('walBytes'),
    hotShare: updates === 0 ? 1 : hotUpdates / updates,
  };
}

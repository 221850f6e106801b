import { table } from '../../../apps/cli/dist/commands/table.js';
import { addedMs, ceilingPerS } from './goals.mjs';

/** What the ratios are made of. */
export function details(measured) {
  return [machineLines, rates, costs, latencies, growth, hotRows, startsAndCrashes, referee]
    .map((part) => part(measured))
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function machineLines({ machine: { cpus, memoryGiB, node, foreignCores, timerLateMs }, runs, seconds }) {
  return [
    `${cpus}, ${memoryGiB} GiB, Node ${node}; medians of ${runs} runs of ${seconds} s`,
    `Before the start other work took ${foreignCores.toFixed(2)} cores; a timer of 5 ms was late by ${n(timerLateMs.p50)} ms (p50), ${n(timerLateMs.p99)} ms (p99), ${n(timerLateMs.max)} ms (most)`,
  ];
}

function rates(measured) {
  const { throughput, concurrency, ceiling, baseline } = measured;
  const { grantedPerS, perS, ok, withDiscount, atRestPerS, p50Ms, p99Ms, runs, problems } = throughput;
  const ceilingRow = (title, name) => [
    title,
    n(ceilingPerS(measured, name)),
    `${n(ceiling.before[name])} before, ${n(ceiling.after[name])} after`,
  ];
  return table(
    ['A second', '', `${concurrency} in flight at once`],
    [
      [
        'settlements with their coupon',
        n(grantedPerS),
        `runs ${runs.map(n).join(', ')}; p50 ${n(p50Ms)} ms, p99 ${n(p99Ms)} ms`,
      ],
      [
        'settlements answered',
        n(perS),
        `${n((100 * withDiscount) / ok)} % had their coupon; problems ${JSON.stringify(problems)}`,
      ],
      ['answered and all its work done', n(atRestPerS), 'capture, events, facts'],
      ceilingRow(`PostgreSQL, the least transaction (${ceiling.before.by})`, 'least'),
      ceilingRow(`PostgreSQL, every row of ours (${ceiling.before.by})`, 'everyRow'),
      ...(baseline
        ? [
            [
              'one ORM transaction a step',
              n(baseline.grantedPerS),
              `p50 ${n(baseline.p50Ms)} ms, p99 ${n(baseline.p99Ms)} ms`,
            ],
          ]
        : []),
    ],
  );
}

function costs({ throughput, notHot }) {
  const { cpuUsEach, rssMiB, statementsEach, commitsEach, walBytesEach, hotShare } = throughput;
  const total = Object.values(cpuUsEach).reduce((sum, us) => sum + us, 0);
  const names = Object.keys(cpuUsEach).sort((a, b) => cpuUsEach[b] - cpuUsEach[a]);
  return [
    ...table(
      ['Process', 'CPU µs a settlement', 'RSS MiB under load'],
      [...names.map((name) => [name, n(cpuUsEach[name]), n(rssMiB[name] ?? 0)]), ['all', n(total), '']],
    ),
    `A settlement, with all its work done: ${Number.isNaN(statementsEach) ? '?' : n(statementsEach)} SQL statements, ${n(commitsEach)} commits, ${n(walBytesEach)} bytes of WAL; ${n(100 * hotShare)} % of updates in place (HOT)`,
    ...notHot.map(
      ({ table: name, hotShare: share, updates }) =>
        `  not in place: ${name}, ${n(updates)} updates, ${n(100 * share)} % HOT`,
    ),
  ];
}

function latencies(measured) {
  const { latency, leg } = measured;
  if (!latency) return [];
  const rows = Object.entries(latency).map(([name, at]) =>
    at.beyondCapacity
      ? [name, n(at.ratePerS), 'beyond', 'its', 'capacity', '', '']
      : [
          ...[name, n(at.ratePerS), n(at.p50Ms), n(at.p99Ms)],
          ...[
            n(addedMs(measured, name, 'p50Ms')),
            n(addedMs(measured, name, 'p99Ms')),
            n(100 * at.grantedShare),
          ],
        ],
  );
  return [
    ...table(['Arrivals', '/s', 'p50 ms', 'p99 ms', 'added p50', 'added p99', '% with coupon'], rows),
    `Added to the authorization alone, whose median over a leg of ${leg.latencyMs} ms is ${n(leg.p50Ms)} ms (p99 ${n(leg.p99Ms)} ms).`,
  ];
}

function growth({ growth: sizes }) {
  if (!sizes) return [];
  return table(
    [
      'Acquisitions',
      'search p50 ms',
      'search p99 ms',
      'searches/s',
      'settlements/s',
      'WAL bytes each',
      'HOT %',
    ],
    sizes.map(({ acquisitions, search, grantedPerS, walBytesEach, hotShare }) =>
      [acquisitions, search.p50Ms, search.p99Ms, search.perS, grantedPerS, walBytesEach, 100 * hotShare].map(
        n,
      ),
    ),
  );
}

function hotRows({ hot }) {
  if (!hot) return [];
  return [
    `Spread ${n(hot.spreadPerS)}/s, one hot coupon ${n(hot.couponPerS)}/s, one hot limit ${n(hot.limitPerS)}/s`,
  ];
}

function startsAndCrashes({ coldStartMs = {}, crashes = {} }) {
  return [
    ...Object.entries(coldStartMs).map(([name, ms]) => `Start of ${name} to its first answer: ${n(ms)} ms`),
    ...Object.entries(crashes).map(
      ([name, { sent, answered, lost }]) =>
        `kill -9 of ${name}: ${sent} asked, ${answered} answered, ${lost} of these lost`,
    ),
  ];
}

function referee({ settlements, differences }) {
  return [
    `The referee compared ${settlements} settlements on every side: ${differences.length === 0 ? 'no difference' : `${differences.length} DIFFERENCES`}`,
    ...differences.slice(0, 20).map((difference) => `  ${JSON.stringify(difference)}`),
  ];
}

function n(value) {
  if (value === undefined) return '';
  return Number.isInteger(value) || Math.abs(value) >= 100
    ? `${Math.round(value)}`
    : value.toFixed(Math.abs(value) < 1 ? 2 : 1);
}

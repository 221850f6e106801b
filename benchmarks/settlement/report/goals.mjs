import { table } from '../../../apps/cli/dist/commands/table.js';

/** The goals, in the order in which they are printed: what was measured, and up to (or from) where it is within them. */
export function goals(measured) {
  const { throughput, baseline, hot, growth, coldStartMs, crashes, differences } = measured;
  const [small, large] = [growth?.[0], growth?.at(-1)];
  const grown =
    growth?.length > 1
      ? `${inWords(large.acquisitions)} ÷ ${inWords(small.acquisitions)} acquisitions`
      : undefined;
  const perCeiling = (name) => throughput.grantedPerS / ceilingPerS(measured, name);
  return [
    atLeast('settlements/s ÷ PostgreSQL, the least transaction', perCeiling('least'), 0.35, 0.5),
    atLeast('settlements/s ÷ PostgreSQL, every row of ours', perCeiling('everyRow'), 0.35, 0.5),
    atLeast(
      'settlements/s ÷ one ORM transaction a step',
      baseline && throughput.grantedPerS / baseline.grantedPerS,
      8,
      15,
    ),
    atMost('added p50 at 10 % of capacity, ms', addedMs(measured, '10 % of capacity', 'p50Ms'), 5, 4),
    atMost('added p99 at 10 % of capacity, ms', addedMs(measured, '10 % of capacity', 'p99Ms'), 15, 10),
    atMost('added p99 at 50 % of capacity, ms', addedMs(measured, '50 % of capacity', 'p99Ms'), 30, 20),
    atMost(`search p99, ${grown}`, grown && large.search.p99Ms / small.search.p99Ms, 2, 1.5),
    atLeast(`settlements/s, ${grown}`, grown && large.grantedPerS / small.grantedPerS, 0.6, 0.7),
    atLeast('one hot coupon ÷ spread', hot?.coupon, 0.7, 0.9),
    atLeast('one hot limit ÷ spread', hot?.limit, 0.7, 0.9),
    atMost('memory of a service under load, MiB', Math.max(...serviceMemory(throughput)), 160, 130),
    atMost(
      'start to first answer, s',
      coldStartMs && Math.max(...Object.values(coldStartMs)) / 1_000,
      1.5,
      0.8,
    ),
    atMost('settlements lost by kill -9', crashes && lostBy(crashes), 0, 0),
    atMost('differences that the referee found', differences.length, 0, 0),
  ].filter(({ value }) => value !== undefined);
}

export function goalTable(rows) {
  return table(
    ['Figure', 'measured', 'reach', 'beyond', ''],
    rows.map(({ figure, value, sign, reach, beyond, met }) => [
      figure,
      format(value),
      `${sign} ${reach}`,
      `${sign} ${beyond}`,
      met,
    ]),
  ).join('\n');
}

/** The mean of before and after. */
export function ceilingPerS({ ceiling }, name) {
  return (ceiling.before[name] + ceiling.after[name]) / 2;
}

/** A settlement's percentile less the median of the authorization alone. */
export function addedMs({ latency, leg }, rate, percentile) {
  const at = latency?.[rate];
  return at && !at.beyondCapacity ? at[percentile] - leg.p50Ms : undefined;
}

function atLeast(figure, value, reach, beyond) {
  return {
    figure,
    value,
    sign: '≥',
    reach,
    beyond,
    met: value >= beyond ? 'beyond' : value >= reach ? 'reached' : 'MISSED',
  };
}

function atMost(figure, value, reach, beyond) {
  return {
    figure,
    value,
    sign: '≤',
    reach,
    beyond,
    met: value <= beyond ? 'beyond' : value <= reach ? 'reached' : 'MISSED',
  };
}

function serviceMemory({ rssMiB }) {
  const notServices = ['load', 'PostgreSQL', 'nats-server'];
  return Object.entries(rssMiB).flatMap(([name, mib]) => (notServices.includes(name) ? [] : [mib]));
}

/** Acknowledged settlements that are gone after all the crashes. */
export function lostBy(crashes = {}) {
  return Object.values(crashes).reduce((sum, { lost }) => sum + lost, 0);
}

function inWords(count) {
  return count >= 1e6 ? `${(count / 1e6).toFixed(1)} M` : `${Math.round(count / 1e3)} k`;
}

function format(value) {
  return Number.isInteger(value) ? `${value}` : value < 10 ? value.toFixed(2) : value.toFixed(0);
}

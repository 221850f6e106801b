import { parseArgs } from 'node:util';

export const PHASES = ['latency', 'hot', 'growth', 'cold-start', 'baseline'];

export const USAGE = `npm run bench -- [options]

Starts Couplet as separate processes on a PostgreSQL and a NATS of its own, settles as much as goes and as arrives, and
sets every figure beside what PostgreSQL alone commits in the same minutes. Needs a quiet machine with Linux; says when it
is not quiet. Ends with 1 when the referee finds a difference or a settlement is lost. Progress goes to stderr.

  --quick         one short run of everything, to see that it works; its figures mean little
  --large         also with 1 and 10 million acquisitions (minutes more, and some gigabytes of disk)
  --crash         also kill -9 of settlement-relay and of PostgreSQL under load
  --profile       also where the time goes: functions of the services, statements of the database
  --only PHASES   of ${PHASES.join(', ')}; throughput and the ceiling are always measured
  --runs N        of every measurement, the median counts (default 5)
  --seconds N     of every run (default 10)
  --report FILE   everything measured, as JSON
`;

/** Prints what is wrong and exits with 2 if the arguments cannot be understood. */
export function optionsOf(args) {
  try {
    const { values } = parseArgs({ args, options: OPTIONS });
    return {
      ...values,
      runs: wholeNumber('runs', values.runs ?? (values.quick ? '1' : '5')),
      seconds: wholeNumber('seconds', values.seconds ?? (values.quick ? '3' : '10')),
      only: values.only === undefined ? undefined : phasesOf(values.only),
    };
  } catch (error) {
    process.stderr.write(`${error.message}\n\n${USAGE}`);
    process.exit(2);
  }
}

const OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  quick: { type: 'boolean' },
  large: { type: 'boolean' },
  crash: { type: 'boolean' },
  profile: { type: 'boolean' },
  only: { type: 'string' },
  runs: { type: 'string' },
  seconds: { type: 'string' },
  report: { type: 'string' },
};

function wholeNumber(name, text) {
  if (!/^[1-9]\d*$/.test(text)) throw new Error(`--${name} must be a whole number above 0, not "${text}"`);
  return Number(text);
}

function phasesOf(text) {
  const phases = text.split(',').filter(Boolean);
  const unknown = phases.find((phase) => !PHASES.includes(phase));
  if (unknown) throw new Error(`--only knows no phase "${unknown}"; it knows ${PHASES.join(', ')}`);
  return phases;
}

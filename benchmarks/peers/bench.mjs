/** `npm run bench:peers`: orders per second of Vendure beside settlements per second, on one machine in one run. */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { freePort, startPostgres } from '@couplet/infra';
import { machine } from '../settlement/measure/machine.mjs';
import { bestConcurrency, throughput } from '../settlement/phases/throughput.mjs';
import { System } from '../settlement/system.mjs';
import { table } from '../../apps/cli/dist/commands/table.js';
import { orders } from './vendure/orders.mjs';
import { startVendure } from './vendure/shop.mjs';

const USAGE = `npm run bench:peers -- [--seconds N] [--report FILE]

One order in Vendure (create, add an item, apply a coupon code, pay with the dummy handler) beside one settlement of
Couplet with a coupon, each on a PostgreSQL of its own with the same durability. Installs Vendure on first use, in this
folder alone (some 200 MB).

  --seconds N     of every run (default 10)
  --report FILE   everything measured, as JSON
`;

const MORE_THAN_A_SETTLEMENT = `What Vendure does more for an order: it keeps a cart that grows step by step, each step in a transaction of its own;
taxes, stock and availability of every line; prices by channel, currency and zone; a state machine with a history entry
for each step; events for plugins. What it does less: no card network to ask or to keep in step with, no search for
coupons that nobody typed in, no account of who pays for the discount. It is what one would otherwise run to apply a
coupon and take a payment; it is not the same work.`;

const CONCURRENCIES = [1, 8, 16];

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', short: 'h' },
    seconds: { type: 'string', default: '10' },
    report: { type: 'string' },
  },
});
if (values.help) {
  process.stdout.write(USAGE);
  process.exit();
}
const seconds = Number(values.seconds);
if (!Number.isInteger(seconds) || seconds < 1) {
  process.stderr.write(`--seconds must be a whole number above 0, not "${values.seconds}"\n\n${USAGE}`);
  process.exit(2);
}

const say = (what) => process.stderr.write(`${process.uptime().toFixed(0).padStart(5)} s  ${what}\n`);
const on = await machine();
const vendure = await measureVendure().catch(giveUp);
const couplet = await measureCouplet().catch(giveUp);
const best = Math.max(...vendure.map(({ perS }) => perS));
const ratio = couplet.grantedPerS / best;
console.log(
  [
    `A settlement in Couplet ÷ an order in Vendure, at the best of each: ${ratio.toFixed(1)}`,
    '',
    ...table(
      ['What', 'at once', 'a second', 'p50 ms', 'p99 ms'],
      [
        ...vendure.map((one) => ['Vendure, its services in process', ...cells(one)]),
        ['Couplet, over NATS, all services', ...cells({ ...couplet, perS: couplet.grantedPerS })],
      ],
    ),
    '',
    `${on.cpus}, Node ${on.node}; before the start other work took ${on.foreignCores.toFixed(2)} cores`,
    '',
    MORE_THAN_A_SETTLEMENT,
  ].join('\n'),
);
if (values.report) {
  await writeFile(values.report, `${JSON.stringify({ ratio, machine: on, vendure, couplet }, null, 2)}\n`);
}
process.exit(); // Vendure leaves timers behind.

async function measureVendure() {
  say('Vendure');
  const postgres = await startPostgres();
  const shop = await startVendure(postgres.adminUrl, await freePort());
  try {
    await orders(shop, { concurrency: 4, seconds: Math.ceil(seconds / 2) }); // Warms up.
    const measured = [];
    for (const concurrency of CONCURRENCIES) {
      say(`Vendure, ${concurrency} orders at once`);
      measured.push(await orders(shop, { concurrency, seconds }));
    }
    return measured;
  } finally {
    await shop.stop();
    await postgres.stop();
  }
}

async function measureCouplet() {
  say('Couplet');
  const system = await System.start({ say });
  try {
    const offerIds = await system.newOffers(20);
    const concurrency = await bestConcurrency(system, { offerIds, seconds: Math.ceil(seconds / 2) });
    say(`Couplet, ${concurrency} settlements at once`);
    return { concurrency, ...(await throughput(system, { offerIds, runs: 1, seconds, concurrency })) };
  } finally {
    await system.stop();
  }
}

function cells({ concurrency, perS, p50Ms, p99Ms }) {
  return [concurrency, perS.toFixed(1), p50Ms.toFixed(1), p99Ms.toFixed(1)].map(String);
}

function giveUp({ message }) {
  process.stderr.write(`The benchmark failed: ${message}\n`);
  process.exit(1);
}

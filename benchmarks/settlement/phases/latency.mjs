import { AuthorizeV1, networkSubject, ScriptV1 } from '@couplet/contracts';
import { Load } from '../load.mjs';
import { RELAY } from '../system.mjs';
import { median } from '../statistics.mjs';

/** Of every answer of the simulated card network. */
export const LEG_MS = 20;
const FIXED_PER_S = [100, 500, 2_000];
const SHARES = [0.1, 0.5];
/** Above this share of what the system can do at all, an open loop measures its queue and nothing else. */
const SHARE_MAX = 0.9;
/** At which the authorization alone is asked. */
const LEG_PER_S = 100;

/** How long a settlement takes at several rates of Poisson arrivals, over a card network that takes its time. */
export async function latency(system, { offerIds, capacityPerS, runs, seconds, say }) {
  await setLatency(system, LEG_MS);
  const rates = [
    ...SHARES.map((share) => ({ name: `${share * 100} % of capacity`, ratePerS: share * capacityPerS })),
    ...FIXED_PER_S.map((ratePerS) => ({ name: `${ratePerS}/s`, ratePerS })),
  ];
  const at = {};
  for (const { name, ratePerS } of rates) {
    if (ratePerS > SHARE_MAX * capacityPerS) {
      at[name] = { ratePerS, beyondCapacity: true };
      continue;
    }
    const done = [];
    for (let run = 0; run < runs; run++) {
      say(`latency at ${Math.round(ratePerS)}/s, run ${run + 1} of ${runs}`);
      done.push(await oneRun(system, { offerIds, ratePerS, seconds }));
    }
    at[name] = { ratePerS, ...summary(done), runs: done };
  }
  await setLatency(system, 0);
  return at;
}

async function setLatency({ operator }, ms) {
  await operator.ask(ScriptV1, { latencyMs: { min: ms, max: ms } });
}

async function oneRun(system, { offerIds, ratePerS, seconds }) {
  const countMax = Math.ceil(1.5 * ratePerS * seconds) + 100;
  const from = await system.shoppers.bring(countMax, offerIds);
  const result = await system.settle({ ratePerS, seconds, from, countMax });
  await system.untilAtRest();
  return result;
}

function summary(runs) {
  const of = (name) => median(runs.map((run) => run[name]));
  return {
    p50Ms: of('p50Ms'),
    p99Ms: of('p99Ms'),
    grantedShare: median(runs.map(({ withDiscount, sent }) => withDiscount / sent)),
  };
}

/**
 * The authorization alone, asked of the same simulator by settlement-relay's own NATS user, as nobody else may. The
 * network remembers holds that belong to no settlement, so this comes after the referee.
 */
export async function legAlone(system, { seconds }) {
  const { payment, storeId, terminalId, currency } = system.shop.saleTo('1');
  const template = { body: { payment, storeId, terminalId, currency, amount: 500 } };
  const load = await Load.start(system.topology.accessOf('settlement-relay'));
  try {
    await setLatency(system, LEG_MS);
    const subject = networkSubject(AuthorizeV1, RELAY);
    const plan = { kind: 'authorize', subject, template, ratePerS: LEG_PER_S };
    await load.run({ ...plan, seconds: 1 }); // Warms up.
    const { result } = await load.run({ ...plan, seconds });
    await setLatency(system, 0);
    return result;
  } finally {
    load.stop();
  }
}

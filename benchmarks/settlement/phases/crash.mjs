import { setTimeout as sleep } from 'node:timers/promises';

const PER_S = 50;
const BEFORE_MS = 2_000;
const SECONDS = 6;

/**
 * kill -9 of settlement-relay, and of PostgreSQL, in the midst of settlements. Whatever a till was told must be in the
 * journal, as it was told; whoever was not answered may have been settled or not.
 */
export async function crashes(system, { offerIds, say }) {
  const { services, postgres } = system.topology;
  return {
    'settlement-relay': await crashOf(system, offerIds, say, 'settlement-relay', async () => {
      await services.crash('settlement-relay');
      await services.start('settlement-relay');
    }),
    PostgreSQL: await crashOf(system, offerIds, say, 'PostgreSQL', async () => {
      await postgres.kill();
      await postgres.restart();
    }),
  };
}

async function crashOf(system, offerIds, say, what, crash) {
  say(`kill -9 of ${what} under load`);
  const countMax = 2 * PER_S * SECONDS;
  const from = await system.shoppers.bring(countMax, offerIds);
  const toldBefore = system.told.length;
  const load = system.settle({ ratePerS: PER_S, seconds: SECONDS, from, countMax });
  load.catch(() => undefined); // Waited for below.
  await sleep(BEFORE_MS);
  await crash();
  const { sent, ok, problems } = await load;
  await system.untilAtRest();
  return { sent, answered: ok, problems, lost: await lost(system.admin, system.told.slice(toldBefore)) };
}

/** Acknowledged settlements that the journal does not hold as they were acknowledged. */
async function lost(admin, told) {
  const approved = told.filter(([, outcome]) => outcome === 'approved');
  const { rows } = await admin.query(
    `SELECT count(*)::int AS kept FROM unnest($1::uuid[], $2::int8[]) AS t (settlement_id, amount)
     JOIN settlement_relay.attempt a USING (settlement_id) WHERE a.state = 'granted' AND a.amount = t.amount`,
    [approved.map(([settlementId]) => settlementId), approved.map(([, , amount]) => amount)],
  );
  return approved.length - rows[0].kept;
}

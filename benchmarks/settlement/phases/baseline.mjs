import { createHash } from 'node:crypto';
import path from 'node:path';
import { startProcess } from '@couplet/infra';
import { database } from '../baseline/database.mjs';
import { SETTLE_SUBJECT } from '../baseline/subjects.mjs';
import { byMedian } from '../statistics.mjs';

const FOLDER = path.join(import.meta.dirname, '..', 'baseline');
const PER_S_MAX = 1_000;
/** In flight at once; more makes it slower. */
const CONCURRENCY = 64;

/**
 * The same settlements by the usual style of an ORM, in the place of the real services. The card network then remembers
 * holds that no journal knows, so this comes after the referee. @returns settlements a second that had a coupon, of the median run
 */
export async function ormBaseline(system, { runs, seconds }) {
  const { services, adminUrl, accessOf } = system.topology;
  await system.admin.query('DROP SCHEMA IF EXISTS baseline CASCADE; CREATE SCHEMA baseline');
  await (await database(adminUrl, { synchronize: true })).destroy();
  await Promise.all(['settlement-relay', 'medium-registry'].map((name) => services.stop(name)));
  const started = [];
  try {
    for (const [name, user] of [
      ['relay', 'settlement-relay'],
      ['registry', 'medium-registry'],
    ]) {
      const { url, password } = accessOf(user);
      const env = { DATABASE_URL: adminUrl, NATS_URL: url, NATS_PASSWORD: password };
      started.push(await startProcess({ name, args: [path.join(FOLDER, `${name}.mjs`)], env }));
    }
    const countMax = PER_S_MAX * seconds;
    const done = [];
    for (let run = 0; run <= runs; run++) {
      const from = 1 + run * countMax;
      await bring(system.admin, from, countMax);
      const { result } = await system.load.run(planOf(system, { seconds, from, countMax }));
      if (run > 0) done.push({ ...result, grantedPerS: result.withDiscount / result.elapsedS }); // The first warms up.
    }
    return byMedian(done, ({ grantedPerS }) => grantedPerS);
  } finally {
    await Promise.all(started.map((one) => one.stop()));
    await Promise.all(['settlement-relay', 'medium-registry'].map((name) => services.start(name)));
  }
}

function planOf({ shop }, plan) {
  return {
    kind: 'settle',
    subject: SETTLE_SUBJECT,
    template: { body: shop.saleTo('1') },
    concurrency: CONCURRENCY,
    ...plan,
  };
}

async function bring(admin, from, count) {
  const numbers = Array.from({ length: count }, (_, n) => String(from + n));
  const tokens = numbers.map((number) => createHash('sha256').update(number).digest('base64url'));
  await admin.query(
    `WITH shopper AS MATERIALIZED (SELECT token, gen_random_uuid() AS holder FROM unnest($1::text[]) AS t (token)),
     media AS (INSERT INTO baseline.medium (token, "holderId") SELECT token, holder FROM shopper)
     INSERT INTO baseline.coupon ("couponId", "holderId", "offerId", "usesLeft")
     SELECT gen_random_uuid(), holder, gen_random_uuid(), 1 FROM shopper`,
    [tokens],
  );
  await admin.query('ANALYZE baseline.medium, baseline.coupon');
}

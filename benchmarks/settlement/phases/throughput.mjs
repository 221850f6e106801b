import { during } from '../measure/during.mjs';
import { byMedian } from '../statistics.mjs';

/** In flight at once: of these the one that settles most. Too many, and searches come too late for their sale. */
const CONCURRENCIES = [16, 64, 256];
/** Of the first run; every other brings so many times as many shoppers as the best run until then has served. */
const FIRST = { seconds: 1, count: 3_000 };
const ROOM = 2;

/**
 * As many settlements as go, every one by a shopper with a usable coupon.
 *
 * @param bring finds so many shoppers and tells the number of the first; default: new ones, each with one coupon of `offerIds`
 * @returns the median run by settlements that were granted with their coupon, with all runs in `runs`
 */
export async function throughput(system, { offerIds, bring, runs, seconds, concurrency }) {
  const bringShoppers = bring ?? ((count) => system.shoppers.bring(count, offerIds));
  const done = [];
  for (let run = 0; run < runs; run++) {
    const countMax = Math.ceil(ROOM * system.bestPerS * seconds);
    const from = await bringShoppers(countMax);
    const result = await during(system, () => system.settle({ concurrency, seconds, from, countMax }));
    if (result.withDiscount === 0) {
      throw new Error(`No settlement had its coupon; of ${result.sent}, ${JSON.stringify(result.problems)}`);
    }
    system.bestPerS = Math.max(system.bestPerS, result.perS);
    done.push({ ...result, grantedPerS: result.withDiscount / result.elapsedS });
  }
  return {
    ...byMedian(done, ({ grantedPerS }) => grantedPerS),
    runs: done.map(({ grantedPerS }) => grantedPerS),
  };
}

/** Warms everything up. @returns how many in flight at once settle most */
export async function bestConcurrency(system, { offerIds, seconds }) {
  const from = await system.shoppers.bring(FIRST.count, offerIds);
  const first = { concurrency: CONCURRENCIES[0], seconds: FIRST.seconds, from, countMax: FIRST.count };
  system.bestPerS = (await system.settle(first)).perS;
  const tried = [];
  for (const concurrency of CONCURRENCIES) {
    const { grantedPerS } = await throughput(system, { offerIds, runs: 1, seconds, concurrency });
    tried.push({ concurrency, grantedPerS });
  }
  return tried.reduce((best, one) => (one.grantedPerS > best.grantedPerS ? one : best)).concurrency;
}

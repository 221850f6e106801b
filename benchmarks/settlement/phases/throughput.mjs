import { during } from '../measure/during.mjs';
import { byMedian } from '../statistics.mjs';

/** In flight at once: of these the one that settles most. Too many, and searches come too late for their sale. */
const CONCURRENCIES = [16, 64, 256];
/** More than any machine of this size settles, so that shoppers never run out. */
const PER_S_MAX = 6_000;

/**
 * As many settlements as go, every one by a shopper with a usable coupon.
 *
 * @returns the median run by settlements that were granted with their coupon, with all runs in `runs`
 */
export async function throughput(system, { offerIds, runs, seconds, concurrency }) {
  const done = [];
  for (let run = 0; run < runs; run++) {
    const countMax = Math.ceil(Math.min(PER_S_MAX, 4 * (done[0]?.perS ?? PER_S_MAX / 4)) * seconds);
    const from = await system.shoppers.bring(countMax, offerIds);
    const result = await during(system, () => system.settle({ concurrency, seconds, from, countMax }));
    done.push({ ...result, grantedPerS: result.withDiscount / result.elapsedS });
  }
  return {
    ...byMedian(done, ({ grantedPerS }) => grantedPerS),
    runs: done.map(({ grantedPerS }) => grantedPerS),
  };
}

/** Warms everything up. @returns how many in flight at once settle most */
export async function bestConcurrency(system, { offerIds, seconds }) {
  const tried = [];
  for (const concurrency of CONCURRENCIES) {
    const { grantedPerS } = await throughput(system, { offerIds, runs: 1, seconds, concurrency });
    tried.push({ concurrency, grantedPerS });
  }
  return tried.reduce((best, one) => (one.grantedPerS > best.grantedPerS ? one : best)).concurrency;
}

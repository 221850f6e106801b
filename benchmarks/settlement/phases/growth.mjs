import { crowd } from '../crowd.mjs';
import { search } from './search.mjs';
import { throughput } from './throughput.mjs';

/** Coupons that each shopper of the crowd holds. */
const HELD = 5;
const SMALL = 10_000;
const LARGE = [1_000_000, 10_000_000];
const SEARCHERS = 2_000;

/**
 * Searches and settlements with ever more acquisitions in the registry.
 *
 * @param large up to ten million, which takes minutes and some gigabytes of disk
 */
export async function growth(system, { offerIds, concurrency, seconds, runs, large, say }) {
  const sizes = [];
  let there = 0;
  for (const acquisitions of large ? [SMALL, ...LARGE] : [SMALL]) {
    say(`${acquisitions.toLocaleString('en')} acquisitions`);
    await crowd(system.admin, { from: there, to: acquisitions, held: HELD, offerIds });
    there = acquisitions;
    // In the midst of the crowd, so that their rows lie among all the others in every index.
    const first = await system.shoppers.bring(SEARCHERS, offerIds);
    const searches = await search(system, { first, last: first + SEARCHERS - 1, seconds });
    const { grantedPerS, walBytesEach, hotShare } = await throughput(system, {
      offerIds,
      concurrency,
      runs,
      seconds,
    });
    sizes.push({ acquisitions, search: searches, grantedPerS, walBytesEach, hotShare });
  }
  return sizes;
}

import { Crowd } from '../crowd.mjs';
import { search } from './search.mjs';
import { throughput } from './throughput.mjs';

export const SMALL = 10_000;
export const LARGE = [1_000_000, 10_000_000];
/** Coupons that each member of the crowd holds. */
const HELD = 5;
const SEARCHERS = 2_000;

/**
 * Searches and settlements with ever more acquisitions in the registry.
 *
 * @returns a function that lets the crowd grow to so many acquisitions and measures again; newcomers come on top
 */
export function growth(system, { offerIds, seconds, say, ...how }) {
  const crowd = new Crowd(system, { held: HELD, offerIds });
  const bring = (count) => crowd.call(count);
  return async (size) => {
    say(`${size.toLocaleString('en')} acquisitions`);
    await crowd.growTo(size);
    const searches = await search(system, { first: await bring(SEARCHERS), count: SEARCHERS, seconds });
    const { grantedPerS, walBytesEach, hotShare } = await throughput(system, { bring, seconds, ...how });
    const { rows } = await system.admin.query(
      'SELECT count(*)::int AS count FROM medium_registry.acquisition',
    );
    return { acquisitions: rows[0].count, search: searches, grantedPerS, walBytesEach, hotShare };
  };
}

import { requestSubject, SearchCouponsV1 } from '@couplet/contracts';
import { RELAY } from '../system.mjs';

const CONCURRENCY = 8;
/** Media that are searched by, spread over the whole table. */
const SAMPLE = 5_000;

/** Searches by media of shoppers `first` to `last`, who hold coupons among all the others. */
export async function search(system, { first, last, seconds }) {
  const { media, purpose, storeId, lines } = system.shop.saleTo('1');
  const stride = Math.max(1, Math.floor((last - first) / SAMPLE));
  const ids = [];
  for (let n = first; n <= last && ids.length < SAMPLE; n += stride) ids.push(String(n));
  const body = { media, purpose, storeId, productIds: lines.map(({ productId }) => productId) };
  const plan = {
    kind: 'search',
    subject: requestSubject(SearchCouponsV1, RELAY),
    template: { body, ids },
    concurrency: CONCURRENCY,
  };
  await system.load.run({ ...plan, seconds: seconds / 4 }); // Pages that are read again and again are in memory anywhere.
  const { result } = await system.load.run({ ...plan, seconds });
  await system.untilAtRest();
  return { ...result, foundShare: result.withDiscount / result.ok };
}

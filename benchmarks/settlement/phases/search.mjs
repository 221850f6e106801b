import { requestSubject, SearchCouponsV1 } from '@couplet/contracts';
import { RELAY } from '../system.mjs';

const CONCURRENCY = 8;

/** Searches by the cards of so many shoppers from `first` on. */
export async function search(system, { first, count, seconds }) {
  const { media, purpose, storeId, lines } = system.shop.saleTo('1');
  const ids = Array.from({ length: count }, (_, n) => String(first + n));
  const body = { media, purpose, storeId, productIds: lines.map(({ productId }) => productId) };
  const plan = {
    kind: 'search',
    subject: requestSubject(SearchCouponsV1, RELAY),
    template: { body, ids },
    concurrency: CONCURRENCY,
  };
  await system.load.run({ ...plan, seconds: seconds / 4 }); // Pages that are read again and again are in memory anywhere.
  const { result } = await system.load.run({ ...plan, seconds });
  if (result.ok === 0) throw new Error(`No search was answered: ${JSON.stringify(result.problems)}`);
  await system.untilAtRest();
  return { ...result, foundShare: result.withDiscount / result.ok };
}

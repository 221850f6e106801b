import { CouponsSearchedV1, type TokenizedMedium } from '@couplet/contracts';
import { appendEvents } from '@couplet/outbox';
import { inTransaction } from '@couplet/postgres';
import type { FoundCoupon, SearchRequest } from '../domain/coupon-search.ts';
import { usableCoupons } from '../domain/coupon-search.ts';
import { find } from './find.ts';
import type { Registry } from './registry.ts';

export type TokenizedSearch = Omit<SearchRequest, 'media'> & { media: TokenizedMedium[] };

/** The coupons that each of these searches could use now. Writes that they were made, and nothing else. */
export async function search(
  registry: Registry,
  requests: readonly TokenizedSearch[],
): Promise<FoundCoupon[][]> {
  const { found, allowances } = await find(
    registry,
    requests.map(({ media, productIds, storeId }) => ({ by: { media }, productIds, storeId })),
  );
  const answers = requests.map((request, index) => {
    const { timeZone, ...rest } = found[index]!;
    return usableCoupons({ ...request, timeZone }, { ...rest, allowances });
  });
  const events = requests.map((request, index) => ({
    contract: CouponsSearchedV1,
    payload: searched(request, [...found[index]!.presentedBy.keys()], answers[index]!),
  }));
  await inTransaction(registry.pool, (client) => appendEvents(client, events));
  return answers;
}

function searched(
  { searchId, storeId, purpose, presentedAt }: TokenizedSearch,
  holderIds: string[],
  coupons: readonly FoundCoupon[],
): CouponsSearchedV1 {
  const offerIds = [...new Set(coupons.map(({ offerId }) => offerId))];
  const result = coupons.length > 0 ? 'found' : 'none';
  return { searchId, holderIds, storeId, purpose, presentedAt, result, offerIds };
}

import { CouponsSearchedV1, type TokenizedMedium } from '@couplet/contracts';
import { appendEvents } from '@couplet/outbox';
import { inTransaction } from '@couplet/postgres';
import type { FoundCoupon, SearchRequest } from '../domain/coupon-search.ts';
import { usableCoupons } from '../domain/coupon-search.ts';
import { findCandidates, readAllowances } from './candidates.ts';
import { holdersOf } from './holders.ts';
import type { Registry } from './registry.ts';
import { timeZoneOf } from './stores.ts';

export type TokenizedSearch = Omit<SearchRequest, 'media'> & { media: TokenizedMedium[] };

/** The coupons that could be used now. Writes that there was a search, and nothing else. */
export async function search({ pool, offers }: Registry, request: TokenizedSearch): Promise<FoundCoupon[]> {
  return inTransaction(pool, async (client) => {
    const presentedBy = await holdersOf(client, request.media);
    const holderIds = [...presentedBy.keys()];
    const candidates = await findCandidates(client, offers, { holderIds, productIds: request.productIds });
    const allowances = await readAllowances(client, candidates);
    const timeZone = await timeZoneOf(client, request.storeId, candidates);
    const coupons = usableCoupons({ ...request, timeZone }, { candidates, presentedBy, allowances });

    const { searchId, storeId, purpose, presentedAt } = request;
    const offerIds = [...new Set(coupons.map(({ offerId }) => offerId))];
    const result = coupons.length > 0 ? ('found' as const) : ('none' as const);
    const payload = { searchId, holderIds, storeId, purpose, presentedAt, result, offerIds };
    await appendEvents(client, [{ contract: CouponsSearchedV1, payload }]);
    return coupons;
  });
}

import type { FindHeldCouponsV1 } from '@couplet/contracts';
import type { z } from 'zod';
import { type HeldCoupon, pageOfHeld } from '../domain/held-coupons.ts';
import { findCandidates, readAllowances } from './candidates.ts';
import { holderShowingCode } from './holders.ts';
import type { Registry } from './registry.ts';
import { timeZoneOf } from './stores.ts';

export type HeldCouponsRequest = z.output<typeof FindHeldCouponsV1.request>;

/** A page of the coupons that a holder could use, by the rules that reserve with. Reads only. */
export async function findHeldCoupons(
  { pool, offers }: Registry,
  request: HeldCouponsRequest,
): Promise<{ coupons: HeldCoupon[]; after?: string }> {
  const { holderId, productIds, couponIds, storeId } = request;
  const client = await pool.connect();
  try {
    const presentedBy = await holderShowingCode(client, holderId);
    const holderIds = [...presentedBy.keys()];
    const candidates = await findCandidates(client, offers, { holderIds, productIds, couponIds });
    const allowances = await readAllowances(client, candidates);
    const timeZone = await timeZoneOf(client, storeId, candidates);
    return pageOfHeld({ ...request, timeZone }, { candidates, presentedBy, allowances });
  } finally {
    client.release();
  }
}

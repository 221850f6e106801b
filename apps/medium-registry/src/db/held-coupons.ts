import type { FindHeldCouponsV1 } from '@couplet/contracts';
import type { z } from 'zod';
import { type HeldCoupon, pageOfHeld } from '../domain/held-coupons.ts';
import { find } from './find.ts';
import type { Registry } from './registry.ts';

export type HeldCouponsRequest = z.output<typeof FindHeldCouponsV1.request>;

/** A page of the coupons that a holder could use, by the rules that reserve with. Reads only. */
export async function findHeldCoupons(
  registry: Registry,
  request: HeldCouponsRequest,
): Promise<{ coupons: HeldCoupon[]; after?: string }> {
  const { holderId, productIds, couponIds, storeId } = request;
  const { found, allowances } = await find(registry, [{ by: { holderId }, productIds, couponIds, storeId }]);
  const { timeZone, ...rest } = found[0]!;
  return pageOfHeld({ ...request, timeZone }, { ...rest, allowances });
}

import { z } from 'zod';
import { event } from '../contract.ts';
import { SettledBy } from '../settled-by.ts';
import { Currency, FundingShare, Id, MinorAmount, Name, Purpose, Quantity, Timestamp } from '../values.ts';
import { ScanOfUse } from './use-coupons.v1.ts';

export const CouponConsumedV1 = event({
  service: 'medium-registry',
  fact: 'coupon-consumed',
  version: 1,
  consumers: ['analytics'],
  summary: 'A coupon was used by a granted settlement.',
  payload: z.object({
    settlementId: Id,
    couponId: Id,
    offerId: Id,
    holderId: Id,
    attributes: z
      .record(z.string(), z.string())
      .describe('Of the holder, for the attribute x product relation.'),
    storeId: Name,
    purpose: Purpose,
    presentedAt: Timestamp,
    currency: Currency,
    discount: MinorAmount,
    lines: z.array(
      z.object({ lineId: Name, productId: Name, quantity: Quantity, unit: Name, discount: MinorAmount }),
    ),
    funding: z.array(FundingShare),
    settledBy: SettledBy.optional(),
    scan: ScanOfUse.extend({
      usedAt: Timestamp,
      discount: MinorAmount.describe('What the till took off in the whole scan.'),
      credit: MinorAmount.describe('Owed to the holder for the whole scan (seed 003, claim 82).'),
    })
      .optional()
      .describe('Used by the scan of a bar code that was final at once; scan-granted tells of others.'),
  }),
});
export type CouponConsumedV1 = z.output<typeof CouponConsumedV1.payload>;

import { z } from 'zod';
import { AppliedCoupon } from '../applied-coupon.ts';
import { event } from '../contract.ts';
import { Currency, Id, MinorAmount, Name, Purpose, Timestamp } from '../values.ts';
import { JudgedLine } from './scan-code.v1.ts';

export const ScanGrantedV1 = event({
  service: 'barcode',
  fact: 'scan-granted',
  version: 1,
  consumers: ['medium-registry', 'analytics'],
  summary:
    'A held scan was confirmed, so its coupons are used. Of a scan that is final at once, coupon-consumed tells.',
  payload: z.object({
    settlementId: Id.describe('Names its reservation; made by barcode from scanId and body.'),
    scanId: Id,
    codeId: Id,
    holderId: Id,
    storeId: Name,
    terminalId: Name,
    scannedAt: Timestamp,
    grantedAt: Timestamp,
    purpose: Purpose,
    currency: Currency,
    discount: MinorAmount,
    credit: MinorAmount.describe('Owed to the holder: paid in full at the till (seed 003, claim 82).'),
    coupons: z.array(AppliedCoupon),
    lines: z.array(JudgedLine),
  }),
});
export type ScanGrantedV1 = z.output<typeof ScanGrantedV1.payload>;

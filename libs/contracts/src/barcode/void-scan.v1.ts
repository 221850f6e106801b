import { z } from 'zod';
import { request } from '../contract.ts';
import { Id, Name } from '../values.ts';

/** Before or after the grant, and also for a scan that is not known yet: that is then refused when it comes. */
export const VoidScanV1 = request({
  service: 'barcode',
  verb: 'void-scan',
  version: 1,
  callers: ['relay', 'gateway'],
  summary: 'Void a scan: its coupons go back to the holder.',
  request: z.object({ storeId: Name, scanId: Id }),
  reply: z.object({ scanId: Id, outcome: z.literal('voided') }),
});

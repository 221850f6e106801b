import { z } from 'zod';
import { request } from '../contract.ts';
import { Id, Name } from '../values.ts';

/** Goods leave on the answer, never on the sending; repeat it until it is answered. The answer is the same for ever. */
export const ConfirmScanV1 = request({
  service: 'barcode',
  verb: 'confirm-scan',
  version: 1,
  callers: ['relay', 'gateway'],
  summary: 'Confirm an on-confirm scan, so that its coupons are used.',
  request: z.object({ storeId: Name, scanId: Id }),
  reply: z.object({ scanId: Id, outcome: z.enum(['confirmed', 'voided']) }),
});

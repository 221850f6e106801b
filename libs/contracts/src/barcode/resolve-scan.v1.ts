import { z } from 'zod';
import { request } from '../contract.ts';
import { Id } from '../values.ts';

/** The registry's own verb: decides an undecided scan as abandoned, and answers for ever the same. */
export const ResolveScanV1 = request({
  service: 'barcode',
  verb: 'resolve-scan',
  version: 1,
  callers: ['medium-registry'],
  summary: 'Tell the end of the settlement of a scan, deciding it if need be.',
  request: z.object({ settlementId: Id }),
  reply: z.object({
    settlementId: Id,
    decision: z.enum(['granted', 'abandoned', 'cancelled']),
    couponIds: z.array(Id).describe('Coupons it was granted with.'),
  }),
});

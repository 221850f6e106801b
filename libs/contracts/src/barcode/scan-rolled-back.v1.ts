import { z } from 'zod';
import { event } from '../contract.ts';
import { Id, Name, Timestamp } from '../values.ts';

export const ScanRolledBackV1 = event({
  service: 'barcode',
  fact: 'scan-rolled-back',
  version: 1,
  consumers: ['medium-registry', 'analytics'],
  summary: 'A scan is void; whatever coupons were used for it are given back.',
  payload: z.object({
    settlementId: Id,
    scanId: Id,
    storeId: Name,
    couponIds: z.array(Id).describe('Those that it was granted with; empty when it was not yet decided.'),
    rolledBackAt: Timestamp,
  }),
});
export type ScanRolledBackV1 = z.output<typeof ScanRolledBackV1.payload>;

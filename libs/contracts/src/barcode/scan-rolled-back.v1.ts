import { z } from 'zod';
import { event } from '../contract.ts';
import { Id, Name, Timestamp } from '../values.ts';

export const ScanRolledBackV1 = event({
  service: 'barcode',
  fact: 'scan-rolled-back',
  version: 1,
  consumers: ['medium-registry', 'analytics'],
  summary: 'A granted scan was voided; its coupons are given back.',
  payload: z.object({
    settlementId: Id,
    scanId: Id,
    storeId: Name,
    couponIds: z.array(Id),
    rolledBackAt: Timestamp,
  }),
});
export type ScanRolledBackV1 = z.output<typeof ScanRolledBackV1.payload>;

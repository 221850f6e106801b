import { z } from 'zod';
import { event } from '../contract.ts';
import { Id, Timestamp } from '../values.ts';

export const ScanAbandonedV1 = event({
  service: 'barcode',
  fact: 'scan-abandoned',
  version: 1,
  consumers: ['medium-registry'],
  summary: 'A scan ended without a use; whatever was reserved for it is free.',
  payload: z.object({ settlementId: Id, abandonedAt: Timestamp }),
});
export type ScanAbandonedV1 = z.output<typeof ScanAbandonedV1.payload>;

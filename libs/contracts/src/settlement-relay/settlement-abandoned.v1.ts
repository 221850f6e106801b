import { z } from 'zod';
import { event } from '../contract.ts';
import { Id, Name, Timestamp } from '../values.ts';

export const SettlementAbandonedV1 = event({
  service: 'settlement-relay',
  fact: 'settlement-abandoned',
  version: 1,
  consumers: ['medium-registry', 'analytics'],
  summary: 'A settlement ended without a sale; whatever was authorized is being reversed.',
  payload: z.object({
    settlementId: Id,
    relay: Name,
    reason: z.string(),
    storeId: Name.optional().describe('Absent when the attempt was never seen.'),
    presentedAt: Timestamp.optional(),
    abandonedAt: Timestamp,
  }),
});
export type SettlementAbandonedV1 = z.output<typeof SettlementAbandonedV1.payload>;

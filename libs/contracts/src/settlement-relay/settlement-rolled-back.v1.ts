import { z } from 'zod';
import { event } from '../contract.ts';
import { Id, Name, Timestamp } from '../values.ts';

export const SettlementRolledBackV1 = event({
  service: 'settlement-relay',
  fact: 'settlement-rolled-back',
  version: 1,
  consumers: ['medium-registry', 'analytics'],
  summary: 'A granted settlement was voided or cancelled; its coupons are given back.',
  payload: z.object({
    settlementId: Id,
    relay: Name,
    reason: z.enum(['voided', 'cancelled', 'confirm-deadline']),
    couponIds: z.array(Id).describe('Given back to their holders.'),
    keptCouponIds: z.array(Id).optional().describe('Granted with, and used up all the same, by policy.'),
    rolledBackAt: Timestamp,
  }),
});
export type SettlementRolledBackV1 = z.output<typeof SettlementRolledBackV1.payload>;

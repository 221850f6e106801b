import { z } from 'zod';
import { event } from '../contract.ts';
import { Currency, Id, MinorAmount, Name, Timestamp } from '../values.ts';

export const SettlementRefundedV1 = event({
  service: 'settlement-relay',
  fact: 'settlement-refunded',
  version: 1,
  consumers: ['medium-registry'],
  summary: 'Lines of a confirmed sale were given back; the coupons it names are given back with them.',
  payload: z.object({
    settlementId: Id,
    refundId: Id,
    relay: Name,
    currency: Currency,
    amount: MinorAmount,
    cardAmount: MinorAmount,
    lineIds: z.array(Name),
    couponIds: z.array(Id),
    refundedAt: Timestamp,
  }),
});
export type SettlementRefundedV1 = z.output<typeof SettlementRefundedV1.payload>;

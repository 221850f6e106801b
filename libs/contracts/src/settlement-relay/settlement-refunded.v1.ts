import { z } from 'zod';
import { event } from '../contract.ts';
import { Currency, Id, MinorAmount, Name, Timestamp } from '../values.ts';
import { CarriedDiscount } from './refund-sale.v1.ts';

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
    amount: MinorAmount.describe(
      'Of an attempt that continues another: its part of what that one gave back by the same refundId.',
    ),
    cardAmount: MinorAmount,
    discounts: z
      .array(CarriedDiscount)
      .describe('Discounts that came back with the lines, and who no longer pays for them.'),
    couponIds: z.array(Id).describe('Coupons given back to their holders, by policy.'),
    refundedAt: Timestamp,
  }),
});
export type SettlementRefundedV1 = z.output<typeof SettlementRefundedV1.payload>;

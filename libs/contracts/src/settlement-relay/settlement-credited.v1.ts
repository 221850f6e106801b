import { z } from 'zod';
import { event } from '../contract.ts';
import { Currency, Id, MinorAmount, Name, Timestamp } from '../values.ts';

/** Seed 003, claim 82: what the shopper paid in full at the till has come back. */
export const SettlementCreditedV1 = event({
  service: 'settlement-relay',
  fact: 'settlement-credited',
  version: 1,
  consumers: ['analytics'],
  summary: 'The card network gave back the discount of coupons that a sale owed to its card.',
  payload: z.object({
    settlementId: Id.describe(
      'That used the coupons: of the sale, or of the credit that was granted after it when they were found late (F5).',
    ),
    refundId: Id,
    relay: Name,
    currency: Currency,
    amount: MinorAmount,
    couponIds: z.array(Id),
    creditedAt: Timestamp,
  }),
});
export type SettlementCreditedV1 = z.output<typeof SettlementCreditedV1.payload>;

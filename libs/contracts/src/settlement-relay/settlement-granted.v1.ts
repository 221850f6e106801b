import { z } from 'zod';
import { event } from '../contract.ts';
import { AppliedCoupon } from '../applied-coupon.ts';
import { BasketLine, Currency, Id, MinorAmount, Name, Purpose, Timestamp } from '../values.ts';
import { CouponSearch, Strategy } from './settle.v1.ts';

export const SettlementGrantedV1 = event({
  service: 'settlement-relay',
  fact: 'settlement-granted',
  version: 1,
  consumers: ['medium-registry', 'analytics'],
  summary: 'A settlement was granted: from now on its amount does not change by itself.',
  payload: z.object({
    settlementId: Id,
    attemptId: Id,
    relay: Name,
    storeId: Name,
    terminalId: Name,
    presentedAt: Timestamp,
    grantedAt: Timestamp,
    purpose: Purpose,
    currency: Currency,
    originalAmount: MinorAmount,
    discount: MinorAmount.describe('Taken off at the till.'),
    credit: MinorAmount.optional().describe(
      'Paid in full, and given back on the card after the capture (seed 003, claim 82).',
    ),
    amount: MinorAmount,
    cardAmount: MinorAmount.describe(
      'What the card pays of it: 0 without a card, less than amount after a partial approval.',
    ),
    strategy: Strategy,
    couponSearch: CouponSearch,
    coupons: z
      .array(AppliedCoupon)
      .describe('Every other reservation of the settlement is released; empty when no coupon was used.'),
    lines: z.array(BasketLine),
  }),
});
export type SettlementGrantedV1 = z.output<typeof SettlementGrantedV1.payload>;

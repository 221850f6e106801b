import { z } from 'zod';
import { request } from '../contract.ts';
import { AppliedCoupon } from '../applied-coupon.ts';
import { Benefit } from '../benefit.ts';
import {
  BasketLine,
  Currency,
  Id,
  MediumToken,
  MinorAmount,
  Name,
  PresentedMedium,
  Purpose,
  Timestamp,
} from '../values.ts';

/** The card that pays. A relay that must not show the number sends its own handle, and a par or token by which coupons are found. */
export const Payment = z
  .object({
    kind: z.enum(['credit-card', 'debit-card']),
    id: z
      .string()
      .regex(/^\d{12,19}$/, 'must be 12 to 19 digits')
      .optional()
      .describe('Card number; kept in memory only.'),
    reference: z
      .string()
      .min(1)
      .max(256)
      .optional()
      .describe("The relay's own handle, passed back to it unread."),
    par: z
      .string()
      .regex(/^[A-Z0-9]{29}$/, 'must be 29 upper-case letters or digits')
      .optional(),
    token: MediumToken.optional(),
  })
  .superRefine((payment, context) => {
    if ((payment.id === undefined) === (payment.reference === undefined)) {
      context.addIssue({ code: 'custom', path: ['id'], message: 'give exactly one of id and reference' });
    }
  });
export type Payment = z.output<typeof Payment>;

export const CouponSearch = z.enum(['found', 'none', 'late', 'unavailable']);
export type CouponSearch = z.output<typeof CouponSearch>;

export const Strategy = z.enum(['none', 'shrink', 'final-capture', 'reverse-then-authorize', 'early-swap']);
export type Strategy = z.output<typeof Strategy>;

export const SettleReply = z.object({
  attemptId: Id,
  settlementId: Id,
  outcome: z.enum(['approved', 'declined']),
  declineReason: z
    .string()
    .optional()
    .describe('`cancelled`, `timeout`, `nothing-due`, or the reason the card network gave.'),
  currency: Currency,
  originalAmount: MinorAmount,
  discount: MinorAmount.describe('Taken off at the till.'),
  amount: MinorAmount.describe('What the shopper pays: originalAmount - discount.'),
  credit: MinorAmount.optional().describe(
    'Paid in full now, and given back on this card after the capture (seed 003, claim 82); absent when nothing is.',
  ),
  coupons: z.array(AppliedCoupon),
  approvedAmount: MinorAmount.optional().describe(
    'After a partial approval: what the card pays. The rest is amountDue.',
  ),
  amountDue: MinorAmount.optional().describe('To be paid by another tender; absent when nothing is.'),
  benefits: z.array(z.object({ couponId: Id, offerId: Id, title: z.string(), benefit: Benefit })),
  couponSearch: CouponSearch,
  confirmBy: Timestamp.optional().describe(
    'With capture on-confirm: confirm before this, or it voids by itself.',
  ),
  authorization: z
    .object({
      approvalCode: z.string(),
      networkReference: z.string(),
      strategy: Strategy,
      standIn: z.boolean().optional().describe('Approved by the network for an absent issuer (STIP).'),
    })
    .optional()
    .describe('Absent when nothing was authorized.'),
});
export type SettleReply = z.output<typeof SettleReply>;

/** What was sold can be given back line by line, so the lines are told apart and are the whole amount. */
export function linesSumUp(
  { lines, amount }: { lines: z.output<typeof BasketLine>[]; amount: bigint },
  context: z.RefinementCtx,
): void {
  const sum = lines.reduce((total, line) => total + line.amount, 0n);
  if (lines.length > 0 && sum !== amount) {
    context.addIssue({
      code: 'custom',
      path: ['amount'],
      message: `the lines sum to ${sum}, not to ${amount}`,
    });
  }
  const seen = new Set<string>();
  lines.forEach(({ lineId }, index) => {
    if (seen.has(lineId)) {
      context.addIssue({
        code: 'custom',
        path: ['lines', index, 'lineId'],
        message: `${lineId} is there twice`,
      });
    }
    seen.add(lineId);
  });
}

export const SettleRequest = z
  .object({
    attemptId: Id.describe('Chosen by the caller; the idempotency key.'),
    storeId: Name,
    terminalId: Name,
    presentedAt: Timestamp,
    payment: Payment.optional().describe('Absent for cash, and for coupons on a point card alone.'),
    media: z.array(PresentedMedium).max(8).default([]),
    purpose: Purpose,
    currency: Currency,
    amount: MinorAmount.describe('Before coupons; the sum of the lines when there are lines.'),
    capture: z.enum(['immediate', 'on-confirm']).default('immediate'),
    acceptPartialApproval: z.boolean().default(false),
    continues: Id.optional().describe(
      'An attempt of this caller whose amountDue this one pays by another tender: no coupons are searched, a cancel of that attempt cancels this one, and a refund is asked of that one.',
    ),
    lines: z.array(BasketLine).max(1_000).default([]),
  })
  .superRefine((basket, context) => {
    linesSumUp(basket, context);
    const { payment, media } = basket;
    if (!payment && media.length === 0) {
      context.addIssue({ code: 'custom', path: ['media'], message: 'give a payment or at least one medium' });
    }
  });
export type SettleRequest = z.output<typeof SettleRequest>;

/**
 * The main job: authorize the card and search coupons at the same time, then settle at the discounted price
 * (seed 000, claims 9 and 19). A repeat with the same body is answered from the present state.
 */
export const SettleV1 = request({
  service: 'settlement-relay',
  verb: 'settle',
  version: 1,
  callers: ['relay', 'gateway'],
  summary: 'Settle a basket at the price that its coupons leave.',
  request: SettleRequest,
  reply: SettleReply,
});

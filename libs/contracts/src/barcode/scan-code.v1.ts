import { z } from 'zod';
import { request } from '../contract.ts';
import { AppliedCoupon } from '../applied-coupon.ts';
import { Currency, Id, MinorAmount, Name, Purpose, Quantity, Timestamp } from '../values.ts';
import { ScanReason, ScannedCode } from './scan-reason.ts';

/** Product ids alone are enough; quantities and prices make the discount exact (seed 003, claims 8, 9, 75). */
export const ScanLine = z.object({
  lineId: Name.optional().describe('Absent: its position in lines, from 1.'),
  productId: Name,
  quantity: Quantity.default('1'),
  unit: Name.default('each'),
  amount: MinorAmount.optional().describe(
    'Price of the whole line before coupons; needed for percentages and thresholds.',
  ),
});

export const ScanRequest = z
  .object({
    scanId: Id.describe('Chosen by the store; the idempotency key.'),
    storeId: Name,
    terminalId: Name,
    scannedAt: Timestamp.describe(
      "The store's clock. Everything is judged at this time; it may not be long ago.",
    ),
    code: ScannedCode,
    purpose: Purpose.default('purchase'),
    currency: Currency.optional(),
    lines: z.array(ScanLine).min(1).max(500),
    finish: z
      .enum(['immediate', 'on-confirm'])
      .default('immediate')
      .describe('`on-confirm`: nothing is used until confirm-scan; a deadline voids by itself.'),
  })
  .superRefine(({ lines }, context) => {
    const seen = new Set<string>();
    lines.forEach(({ lineId = undefined }, index) => {
      const id = lineId ?? String(index + 1);
      if (seen.has(id)) {
        context.addIssue({
          code: 'custom',
          path: ['lines', index, 'lineId'],
          message: `${id} is there twice`,
        });
      }
      seen.add(id);
    });
  });
export type ScanRequest = z.output<typeof ScanRequest>;

/** One purchased product as judged (seed 003, claims 17, 18, 74, 75). */
export const JudgedLine = z.object({
  lineId: Name,
  productId: Name,
  quantity: Quantity,
  unit: Name,
  eligible: z.boolean().describe('Among the products that the code is valid for.'),
  unitDiscount: MinorAmount.optional().describe('Where the terms say it by themselves.'),
  discount: MinorAmount.describe('Off the whole line, at the till or as a credit.'),
});
export type JudgedLine = z.output<typeof JudgedLine>;

export const ScanReply = z.discriminatedUnion('result', [
  z.object({
    scanId: Id,
    result: z.literal('valid'),
    state: z.enum(['granted', 'held']).describe('`held`: waits for confirm-scan.'),
    confirmBy: Timestamp.optional(),
    currency: Currency,
    discount: MinorAmount.describe('What the till takes off now.'),
    credit: MinorAmount.describe('Paid in full now, credited later (seed 003, claim 82).'),
    lines: z.array(JudgedLine),
    coupons: z.array(AppliedCoupon),
  }),
  z.object({ scanId: Id, result: z.literal('invalid'), reason: ScanReason }),
]);
export type ScanReply = z.output<typeof ScanReply>;

/**
 * Verifies a scanned bar code, judges the basket, and uses the coupons behind it, while the shopper waits (seed 003,
 * claims 7-9, 12, 13, 16-18, 71-75). A repeat gets the stored answer; another body under the same scanId is a conflict.
 */
export const ScanCodeV1 = request({
  service: 'barcode',
  verb: 'scan-code',
  version: 1,
  callers: ['relay', 'gateway'],
  summary: 'Verify a scanned bar code and tell the discount of the basket.',
  request: ScanRequest,
  reply: ScanReply,
});

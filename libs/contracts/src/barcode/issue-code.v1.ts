import { z } from 'zod';
import { request } from '../contract.ts';
import { Id, Name, Timestamp } from '../values.ts';
import { CodeMode, IssuedCode } from './issued-code.ts';
import { SymbolRequest } from './symbol.ts';

/**
 * Generates a bar code from holder, coupons and combination, and remembers it (seed 003, claims 1-5, 65-67, 81, 83).
 * The same codeId and body again gives the same code, drawn anew; another body is a conflict.
 */
export const IssueCodeV1 = request({
  service: 'barcode',
  verb: 'issue-code',
  version: 1,
  callers: ['gateway', 'operator'],
  summary: 'Make a bar code for coupons of a holder, or for a combination of products that they are for.',
  request: z
    .object({
      codeId: Id.describe('Chosen by the caller; the idempotency key.'),
      holderId: Id,
      couponIds: z.array(Id).min(1).max(16).optional(),
      productIds: z
        .array(Name)
        .min(1)
        .max(200)
        .optional()
        .describe(
          'The combination; without couponIds, all coupons of the holder that touch it (at most 16).',
        ),
      storeIds: z
        .array(Name)
        .min(1)
        .max(200)
        .optional()
        .describe('Stores where it may be scanned; absent: all.'),
      mode: CodeMode.default('single-use'),
      expiresAt: Timestamp.optional().describe('Never later than the first of its coupons is over.'),
      symbol: SymbolRequest,
    })
    .refine(({ couponIds, productIds }) => couponIds !== undefined || productIds !== undefined, {
      path: ['couponIds'],
      message: 'give couponIds, productIds or both',
    }),
  reply: IssuedCode,
});

import { z } from 'zod';
import { Currency, Id, Name, Timestamp } from '../values.ts';
import { SymbolImage } from './symbol.ts';

/** `single-use`: one picture, one use. `rotating`: the picture changes every 30 s, so that a screenshot of it dies (RFC 6238). */
export const CodeMode = z.enum(['single-use', 'rotating']);
export type CodeMode = z.output<typeof CodeMode>;

export const CodeCoupon = z.object({ couponId: Id, offerId: Id, title: z.string(), validTo: Timestamp });
export type CodeCoupon = z.output<typeof CodeCoupon>;

/** A bar code as its holder gets it. What is in the picture is told nowhere else. */
export const IssuedCode = z.object({
  codeId: Id,
  mode: CodeMode,
  coupons: z.array(CodeCoupon),
  currency: Currency,
  productIds: z
    .array(Name)
    .optional()
    .describe('The combination it is valid for; absent: whatever its coupons are for.'),
  storeIds: z.array(Name).optional().describe('Absent: every store that its coupons allow.'),
  issuedAt: Timestamp,
  expiresAt: Timestamp,
  symbol: SymbolImage,
  refreshAt: Timestamp.optional().describe('A rotating code: ask for the next picture then.'),
  typed: z
    .object({ code: z.string().regex(/^\d{16}$/), expiresAt: Timestamp })
    .describe('For a till whose scanner fails: short-lived, and the one before it is void.'),
});
export type IssuedCode = z.output<typeof IssuedCode>;

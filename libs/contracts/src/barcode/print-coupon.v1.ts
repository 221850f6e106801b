import { z } from 'zod';
import { request } from '../contract.ts';
import { Id, Name, Timestamp } from '../values.ts';
import { Symbology } from './symbol.ts';

/** Seed 000, claims 5, 6, 15, 16: the terminal prints a coupon with its bar code, and may use what it printed. */
export const PrintCouponV1 = request({
  service: 'barcode',
  verb: 'print-coupon',
  version: 1,
  callers: ['relay', 'gateway', 'operator'],
  summary: 'Make a single-use bar code for a coupon and lay it out for a printer.',
  request: z.object({
    codeId: Id.describe('Chosen by the caller; the idempotency key, as of issue-code.'),
    holderId: Id,
    couponId: Id,
    storeIds: z.array(Name).min(1).max(200).optional().describe('Stores where it may be used; absent: all.'),
    expiresAt: Timestamp.optional().describe('Never later than the coupon is over.'),
    symbology: Symbology.default('qr'),
    paper: z.discriminatedUnion('format', [
      z.object({
        format: z.literal('esc-pos'),
        columns: z.enum(['32', '42', '48']).default('42').describe('Characters across the receipt.'),
      }),
      z.object({ format: z.literal('pdf') }),
    ]),
  }),
  reply: z.object({
    codeId: Id,
    mediaType: z.enum(['application/vnd.escpos', 'application/pdf']),
    data: z.string().describe('Base64; send it to the printer as it is.'),
    expiresAt: Timestamp,
  }),
});

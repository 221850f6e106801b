import { z } from 'zod';
import { request } from '../contract.ts';
import { Currency, MinorAmount, Name, Timestamp } from '../values.ts';
import { ScanReason, ScannedCode } from './scan-reason.ts';

/** Seed 003, claims 10 and 49: the code alone, before or while the basket is scanned. Uses nothing up. */
export const EligibleProductsV1 = request({
  service: 'barcode',
  verb: 'eligible-products',
  version: 1,
  callers: ['relay', 'gateway', 'operator'],
  summary: 'Tell which products a scanned bar code is valid for.',
  request: z.object({
    storeId: Name,
    code: ScannedCode,
    scannedAt: Timestamp,
    after: Name.optional().describe('The last productId of the page before.'),
    limit: z.int().min(1).max(1_000).default(200),
  }),
  reply: z.discriminatedUnion('result', [
    z.object({
      result: z.literal('valid'),
      currency: Currency,
      productCount: z.int(),
      products: z.array(
        z.object({
          productId: Name,
          unitDiscount: MinorAmount.optional().describe(
            'Where the terms say it by themselves, without a price.',
          ),
        }),
      ),
      after: Name.optional().describe('Present when there are more: give it to get them.'),
    }),
    z.object({ result: z.literal('invalid'), reason: ScanReason }),
  ]),
});

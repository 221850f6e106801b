import { z } from 'zod';
import { request } from '../contract.ts';
import { Id, Name } from '../values.ts';
import { CODE_ALPHABETS, CodeBatch, type CodeAlphabet } from './codes.ts';

export const GenerateCodesV1 = request({
  service: 'issuance',
  verb: 'generate-codes',
  version: 1,
  callers: ['operator', 'gateway'],
  summary:
    'Generate unique codes of an offer, each good for one coupon. Answered at once; code-batch-status tells how far it is. Refused when more than half of the codes that length and alphabet allow would be in use. A repeat tells the status.',
  request: z.object({
    batchId: Id.describe('Chosen by the caller; the idempotency key.'),
    requestedBy: Name,
    offerId: Id,
    count: z.int().min(1).max(10_000_000),
    prefix: z
      .string()
      .regex(/^[0-9A-HJKMNP-TV-Z]{0,12}$/, 'must be upper-case letters without I, L, O and U, or digits')
      .default(''),
    length: z.int().min(4).max(24).default(10).describe('Characters after the prefix.'),
    alphabet: z.enum(Object.keys(CODE_ALPHABETS) as CodeAlphabet[]).default('crockford'),
  }),
  reply: CodeBatch,
});

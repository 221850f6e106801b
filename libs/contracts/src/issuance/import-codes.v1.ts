import { z } from 'zod';
import { request } from '../contract.ts';
import { Id, Name } from '../values.ts';

/** A file of any length is imported by many requests with one batchId. */
export const ImportCodesV1 = request({
  service: 'issuance',
  verb: 'import-codes',
  version: 1,
  callers: ['operator', 'gateway'],
  summary:
    'Import codes that were made elsewhere. A repeat changes nothing; a code that cannot be taken is told, and the others are taken.',
  request: z.object({
    batchId: Id.describe('Chosen by the caller, one for all parts of a file.'),
    requestedBy: Name,
    offerId: Id,
    codes: z.array(z.string().max(64)).min(1).max(5_000),
  }),
  reply: z.object({
    imported: z.int(),
    known: z.int().describe('Were in this batch already.'),
    refused: z.array(
      z.object({
        index: z.int().describe('Place in codes, from 0.'),
        reason: z.enum(['malformed', 'in-another-batch']),
      }),
    ),
  }),
});

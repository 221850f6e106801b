import { z } from 'zod';
import { request } from '../contract.ts';
import { Id, Name, Timestamp } from '../values.ts';

export const ExportCodesV1 = request({
  service: 'issuance',
  verb: 'export-codes',
  version: 1,
  callers: ['operator', 'gateway'],
  summary:
    'The codes of a batch, page by page. Whoever has a code can use it: the audit trail keeps who read them.',
  request: z.object({
    batchId: Id,
    requestedBy: Name,
    after: z.string().max(64).optional().describe('Go on after this code, the last of the page before.'),
    limit: z.int().min(1).max(10_000).default(5_000),
  }),
  reply: z.object({
    codes: z.array(z.object({ code: z.string(), claimedAt: Timestamp.optional() })),
    more: z.boolean(),
  }),
});

import { z } from 'zod';
import { request } from '../contract.ts';
import { Name, Timestamp } from '../values.ts';

export const ReadAuditV1 = request({
  service: 'issuance',
  verb: 'read-audit',
  version: 1,
  callers: ['operator', 'gateway'],
  summary: 'Every change: who made it, when, of what, from which state to which. Newest first.',
  request: z.object({
    subject: z
      .string()
      .max(128)
      .optional()
      .describe(
        '`offer:<id>`, `campaign:<id>`, `party:<name>`, `store:<id>`, `codes:<batch id>` or `products`.',
      ),
    actor: Name.optional(),
    before: z.int().min(1).optional().describe('Go on below this entry, the last of the page before.'),
    limit: z.int().min(1).max(50).default(50),
  }),
  reply: z.object({
    entries: z.array(
      z.object({
        entry: z.int().describe('Grows with time.'),
        at: Timestamp,
        actor: z.string().describe('The person, as far as the request named one; else the caller.'),
        caller: z.string().describe('Whose word the request was.'),
        act: z.string(),
        subject: z.string(),
        from: z.string().optional().describe('State before, of an offer.'),
        to: z.string().optional().describe('State after, of an offer.'),
        detail: z
          .record(z.string(), z.unknown())
          .describe('What else there is to say, such as a reason or what was rewritten.'),
      }),
    ),
  }),
});

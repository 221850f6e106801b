import { z } from 'zod';
import { request } from '../contract.ts';
import { Currency, Id, MinorAmount, Timestamp } from '../values.ts';

export const RecallV1 = request({
  service: 'network-simulator',
  verb: 'recall',
  version: 1,
  callers: ['operator'],
  summary: 'Tell everything the simulated card network remembers, by pages.',
  request: z.object({
    after: Id.optional().describe('Last authorizationId of the page before.'),
    limit: z.int().min(1).max(1_000).default(500),
  }),
  reply: z.object({
    authorizations: z.array(
      z.object({
        authorizationId: Id,
        settlementId: Id,
        last4: z.string(),
        currency: Currency,
        state: z.enum(['held', 'declined', 'reversed', 'captured']),
        authorized: MinorAmount,
        held: MinorAmount,
        captured: MinorAmount,
        refunded: MinorAmount,
        standIn: z.boolean().optional().describe('Absent when it was not.'),
        reason: z
          .string()
          .optional()
          .describe('Why it was declined, such as `hold-open` or `insufficient-funds`.'),
        at: Timestamp,
      }),
    ),
  }),
});

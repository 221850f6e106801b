import { z } from 'zod';
import { request } from '../contract.ts';
import { Id, Name } from '../values.ts';

export const CloseCaseV1 = request({
  service: 'settlement-relay',
  verb: 'close-case',
  version: 1,
  callers: ['operator'],
  summary: 'Do what a person decided about a listed case; who and why is kept.',
  request: z.object({
    caseId: Id,
    action: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('retry') }).describe('Ask the card network once more.'),
      z.object({ kind: z.literal('cancel') }).describe('Cancel the settlement: reverse, or refund.'),
      z
        .object({
          kind: z.literal('settled'),
          as: z.enum(['captured', 'reversed', 'refunded']).describe('What was done outside Couplet.'),
        })
        .describe('It was settled with the card network by hand.'),
    ]),
    by: Name.describe('Who decided.'),
    note: z.string().min(1).max(500),
  }),
  reply: z.object({ caseId: Id, authorizationState: z.string(), settlementState: z.string() }),
});

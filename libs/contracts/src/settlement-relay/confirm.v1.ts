import { z } from 'zod';
import { request } from '../contract.ts';
import { Id } from '../values.ts';

/** Goods leave on the answer, never on the sending; repeat it until it is answered. The answer is the same for ever. */
export const ConfirmV1 = request({
  service: 'settlement-relay',
  verb: 'confirm',
  version: 1,
  callers: ['relay', 'gateway'],
  summary: 'Confirm an on-confirm settlement, so that it is captured.',
  request: z.object({ attemptId: Id }),
  reply: z.object({ attemptId: Id, outcome: z.enum(['confirmed', 'voided']) }),
});

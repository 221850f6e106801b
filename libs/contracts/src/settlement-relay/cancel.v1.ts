import { z } from 'zod';
import { request } from '../contract.ts';
import { Id } from '../values.ts';

/** Undoes a settlement whether confirmed or not: a reversal before the capture, a refund after it. An attempt not yet known is written as abandoned. One that continues a sale of which something was given back is a `conflict`: it ends with its sale. */
export const CancelV1 = request({
  service: 'settlement-relay',
  verb: 'cancel',
  version: 1,
  callers: ['relay', 'gateway'],
  summary: 'Cancel a settlement.',
  request: z.object({ attemptId: Id }),
  reply: z.object({ attemptId: Id, outcome: z.enum(['cancelled']) }),
});

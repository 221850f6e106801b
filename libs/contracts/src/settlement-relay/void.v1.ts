import { z } from 'zod';
import { request } from '../contract.ts';
import { Id } from '../values.ts';

/** Undoes a settlement that was not confirmed. An attempt not yet known is written as abandoned, so a late settle cannot charge. */
export const VoidV1 = request({
  service: 'settlement-relay',
  verb: 'void',
  version: 1,
  callers: ['relay', 'gateway'],
  summary: 'Void a settlement that was not confirmed.',
  request: z.object({ attemptId: Id }),
  reply: z.object({ attemptId: Id, outcome: z.enum(['voided', 'confirmed']) }),
});

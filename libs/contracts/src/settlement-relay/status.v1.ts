import { z } from 'zod';
import { request } from '../contract.ts';
import { Id } from '../values.ts';
import { Refund } from './refund-sale.v1.ts';
import { SettleReply } from './settle.v1.ts';

/** Reads only: a poll never decides an attempt. */
export const StatusV1 = request({
  service: 'settlement-relay',
  verb: 'status',
  version: 1,
  callers: ['relay', 'gateway'],
  summary: 'Tell how far an attempt of this caller is.',
  request: z.object({ attemptId: Id }),
  reply: z.object({
    attemptId: Id,
    state: z.enum(['unknown', 'started', 'granted', 'confirmed', 'cancelled', 'abandoned']),
    refunds: z.array(Refund).optional().describe('In the order they were asked for.'),
    reply: SettleReply.optional().describe('What a repeat of settle would be answered now.'),
  }),
});

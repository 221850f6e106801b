import { z } from 'zod';
import { network } from '../contract.ts';
import { AmountRequest, FollowUpReply } from './follow-up.ts';

/** Partial reversal (ISO 8583 0400 with a replacement amount). */
export const AdjustV1 = network({
  verb: 'adjust',
  version: 1,
  summary: 'Lower a hold to an amount; after a capture of that amount it frees the rest.',
  request: AmountRequest.extend({
    advice: z
      .boolean()
      .optional()
      .describe('States a fact about a stand-in approval (ISO 8583 0420): it may only be acknowledged.'),
  }),
  reply: FollowUpReply,
});

import { network } from '../contract.ts';
import { AmountRequest, FollowUpReply } from './follow-up.ts';

/** Partial reversal (ISO 8583 0400 with a replacement amount). */
export const AdjustV1 = network({
  verb: 'adjust',
  version: 1,
  summary: 'Lower a hold to an amount; after a capture of that amount it frees the rest.',
  request: AmountRequest,
  reply: FollowUpReply,
});

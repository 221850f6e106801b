import { network } from '../contract.ts';
import { AmountRequest, FollowUpReply } from './follow-up.ts';

/** Once per authorization, final: at most the held amount. */
export const CaptureV1 = network({
  verb: 'capture',
  version: 1,
  summary: 'Take an amount of a hold.',
  request: AmountRequest,
  reply: FollowUpReply,
});

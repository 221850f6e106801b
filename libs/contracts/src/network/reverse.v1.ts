import { network } from '../contract.ts';
import { FollowUpRequest, FollowUpReply } from './follow-up.ts';

/** An id never seen is recorded as reversed and answered done, so that an authorize overtaken by it is refused. */
export const ReverseV1 = network({
  verb: 'reverse',
  version: 1,
  summary: 'Free a hold whole.',
  request: FollowUpRequest,
  reply: FollowUpReply,
});

import { network } from '../contract.ts';
import { AmountRequest, FollowUpReply } from './follow-up.ts';

/** Refunds of one authorization never sum above what was captured. */
export const RefundV1 = network({
  verb: 'refund',
  version: 1,
  summary: 'Give captured money back.',
  request: AmountRequest,
  reply: FollowUpReply,
});

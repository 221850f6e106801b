import { z } from 'zod';
import { request } from '../contract.ts';
import { Id, Name } from '../values.ts';

export const ApproveOffersV1 = request({
  service: 'issuance',
  verb: 'approve-offers',
  version: 1,
  callers: ['operator', 'gateway'],
  summary:
    'Make submitted offers live. Refused as a whole when one was drafted or submitted by the same person (seed 000, claim 1(a)).',
  request: z.object({ approvedBy: Name, offerIds: z.array(Id).min(1).max(1_000) }),
  reply: z.object({ approved: z.int() }),
});

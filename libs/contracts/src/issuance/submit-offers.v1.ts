import { z } from 'zod';
import { request } from '../contract.ts';
import { Id, Name } from '../values.ts';

export const SubmitOffersV1 = request({
  service: 'issuance',
  verb: 'submit-offers',
  version: 1,
  callers: ['operator', 'gateway'],
  summary: 'Hand drafts in for approval.',
  request: z.object({ submittedBy: Name, offerIds: z.array(Id).min(1).max(1_000) }),
  reply: z.object({ submitted: z.int() }),
});

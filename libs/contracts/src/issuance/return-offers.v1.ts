import { z } from 'zod';
import { request } from '../contract.ts';
import { Name } from '../values.ts';
import { OffersActedOn, Reason } from './offer-state.ts';

export const ReturnOffersV1 = request({
  service: 'issuance',
  verb: 'return-offers',
  version: 1,
  callers: ['operator', 'gateway'],
  summary: 'Give submitted offers back as drafts, with what to mend.',
  request: z.object({ returnedBy: Name, reason: Reason, ...OffersActedOn }),
  reply: z.object({ returned: z.int() }),
});

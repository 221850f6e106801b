import { z } from 'zod';
import { request } from '../contract.ts';
import { Name } from '../values.ts';
import { OffersActedOn } from './offer-state.ts';

export const SubmitOffersV1 = request({
  service: 'issuance',
  verb: 'submit-offers',
  version: 1,
  callers: ['operator', 'gateway'],
  summary: 'Hand drafts in for approval.',
  request: z.object({ submittedBy: Name, ...OffersActedOn }),
  reply: z.object({ submitted: z.int() }),
});

import { z } from 'zod';
import { request } from '../contract.ts';
import { Name } from '../values.ts';
import { OffersActedOn } from './offer-state.ts';

export const ResumeOffersV1 = request({
  service: 'issuance',
  verb: 'resume-offers',
  version: 1,
  callers: ['operator', 'gateway'],
  summary: 'Let paused offers go on, as they were approved.',
  request: z.object({ resumedBy: Name, ...OffersActedOn }),
  reply: z.object({ resumed: z.int() }),
});

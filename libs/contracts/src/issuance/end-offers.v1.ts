import { z } from 'zod';
import { request } from '../contract.ts';
import { Name } from '../values.ts';
import { OffersActedOn, Reason } from './offer-state.ts';

export const EndOffersV1 = request({
  service: 'issuance',
  verb: 'end-offers',
  version: 1,
  callers: ['operator', 'gateway'],
  summary:
    'End offers for good, in whatever state. One that was approved is found at no till any more, as soon as after pause-offers.',
  request: z.object({ endedBy: Name, reason: Reason, ...OffersActedOn }),
  reply: z.object({ ended: z.int() }),
});

import { z } from 'zod';
import { request } from '../contract.ts';
import { Name } from '../values.ts';
import { OffersActedOn, Reason } from './offer-state.ts';

export const PauseOffersV1 = request({
  service: 'issuance',
  verb: 'pause-offers',
  version: 1,
  callers: ['operator', 'gateway'],
  summary:
    'Stop approved offers for now. No till finds them from the moment the registry has the event: within five seconds of this reply while NATS and the registry run, else as soon as they do.',
  request: z.object({ pausedBy: Name, reason: Reason, ...OffersActedOn }),
  reply: z.object({ paused: z.int() }),
});

import { z } from 'zod';
import { network } from '../contract.ts';
import { Id, MinorAmount } from '../values.ts';

export const InspectV1 = network({
  verb: 'inspect',
  version: 1,
  summary: 'Tell what is held, captured and refunded on an authorization.',
  request: z.object({ authorizationId: Id }),
  reply: z.object({
    state: z.enum(['unknown', 'held', 'declined', 'reversed', 'captured']),
    held: MinorAmount,
    captured: MinorAmount,
    refunded: MinorAmount,
  }),
});

import { z } from 'zod';
import { request } from '../contract.ts';
import { Id, Name, Timestamp } from '../values.ts';

export const CreateCampaignsV1 = request({
  service: 'issuance',
  verb: 'create-campaigns',
  version: 1,
  callers: ['operator', 'gateway'],
  summary: 'Create campaigns, which group offers. A repeat with the same ids changes nothing.',
  request: z.object({
    createdBy: Name,
    campaigns: z
      .array(
        z.object({
          campaignId: Id,
          title: z.string().min(1).max(128),
          startsAt: Timestamp,
          endsAt: Timestamp,
        }),
      )
      .min(1)
      .max(500),
  }),
  reply: z.object({ created: z.int() }),
});

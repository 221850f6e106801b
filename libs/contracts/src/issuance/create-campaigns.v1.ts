import { z } from 'zod';
import { request } from '../contract.ts';
import { Currency, Id, MinorAmount, Name, Timestamp } from '../values.ts';

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
          budget: z
            .object({ currency: Currency, amount: MinorAmount })
            .optional()
            .describe(
              'Most that its offers may give together: then each of them needs a budget in this currency, and an approval that would bring their sum above it is refused.',
            ),
        }),
      )
      .min(1)
      .max(500),
  }),
  reply: z.object({ created: z.int() }),
});

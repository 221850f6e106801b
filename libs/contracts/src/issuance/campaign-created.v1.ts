import { z } from 'zod';
import { event } from '../contract.ts';
import { Id, Timestamp } from '../values.ts';

export const CampaignCreatedV1 = event({
  service: 'issuance',
  fact: 'campaign-created',
  version: 1,
  consumers: ['analytics'],
  summary: 'A campaign was created.',
  payload: z.object({ campaignId: Id, title: z.string(), startsAt: Timestamp, endsAt: Timestamp }),
});
export type CampaignCreatedV1 = z.output<typeof CampaignCreatedV1.payload>;

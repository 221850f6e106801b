import type { CreateCampaignsV1 } from '@couplet/contracts';
import { In, type EntityManager } from 'typeorm';
import type { z } from 'zod';
import { Campaign } from './entities.ts';

export type NewCampaign = z.output<typeof CreateCampaignsV1.request>['campaigns'][number];

/** @returns the campaigns that are new, and the ids that exist with another body */
export async function addCampaigns(
  manager: EntityManager,
  campaigns: readonly NewCampaign[],
  createdBy: string,
): Promise<{ created: NewCampaign[]; different: string[] }> {
  const inserted = await manager
    .createQueryBuilder()
    .insert()
    .into(Campaign)
    .values(campaigns.map((campaign) => ({ ...campaign, createdBy })))
    .orIgnore()
    .returning(['campaignId'])
    .execute();
  const fresh = new Set((inserted.raw as { campaign_id: string }[]).map(({ campaign_id }) => campaign_id));
  const stored = await manager.findBy(Campaign, { campaignId: In(campaigns.map((each) => each.campaignId)) });
  const byId = new Map(stored.map((campaign) => [campaign.campaignId, campaign]));
  const different = campaigns.filter((asked) => !isSame(byId.get(asked.campaignId.toLowerCase()), asked));
  return {
    created: campaigns.filter(({ campaignId }) => fresh.has(campaignId.toLowerCase())),
    different: different.map(({ campaignId }) => campaignId),
  };
}

function isSame(stored: Campaign | undefined, { title, startsAt, endsAt }: NewCampaign): boolean {
  return (
    stored?.title === title &&
    stored.startsAt.getTime() === Date.parse(startsAt) &&
    stored.endsAt.getTime() === Date.parse(endsAt)
  );
}

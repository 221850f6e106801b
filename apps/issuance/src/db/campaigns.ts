import type { CreateCampaignsV1 } from '@couplet/contracts';
import { In, type EntityManager } from 'typeorm';
import type { z } from 'zod';
import type { CampaignBudget } from '../domain/approval.ts';
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
    .values(
      campaigns.map(({ budget, ...campaign }) => ({
        ...campaign,
        createdBy,
        budgetCurrency: budget?.currency ?? null,
        budgetAmount: budget?.amount ?? null,
      })),
    )
    .orIgnore()
    .returning(['campaignId'])
    .execute();
  const fresh = new Set((inserted.raw as { campaign_id: string }[]).map(({ campaign_id }) => campaign_id));
  const stored = await manager.findBy(Campaign, { campaignId: In(campaigns.map((each) => each.campaignId)) });
  const byId = new Map(stored.map((campaign) => [campaign.campaignId, campaign]));
  const different = campaigns.filter((asked) => !isSame(byId.get(asked.campaignId.toLowerCase()), asked));
  return {
    created: campaigns.filter(({ campaignId }) => fresh.delete(campaignId.toLowerCase())),
    different: different.map(({ campaignId }) => campaignId),
  };
}

function isSame(stored: Campaign | undefined, { title, startsAt, endsAt, budget }: NewCampaign): boolean {
  return (
    stored?.title === title &&
    stored.startsAt.getTime() === Date.parse(startsAt) &&
    stored.endsAt.getTime() === Date.parse(endsAt) &&
    stored.budgetCurrency === (budget?.currency ?? null) &&
    stored.budgetAmount === (budget?.amount ?? null)
  );
}

/** Of those of the campaigns that have a budget; no other approval counts on them until the transaction ends. */
export async function lockBudgets(
  manager: EntityManager,
  campaignIds: readonly string[],
): Promise<Map<string, CampaignBudget>> {
  const campaigns = await manager
    .createQueryBuilder(Campaign, 'campaign')
    .where('campaign.campaignId = ANY(:campaignIds) AND campaign.budgetAmount IS NOT NULL', { campaignIds })
    .orderBy('campaign.campaignId')
    .setLock('pessimistic_write')
    .getMany();
  // What an ended offer has not spent is not known here, so it counts as spent.
  const sums: { campaign_id: string; approved: string }[] = await manager.query(
    `SELECT campaign_id, sum((conditions #>> '{limits,budget}')::numeric) AS approved FROM offer
     WHERE campaign_id = ANY ($1) AND approved_by IS NOT NULL GROUP BY campaign_id`,
    [campaigns.map(({ campaignId }) => campaignId)],
  );
  const approved = new Map(sums.map((sum) => [sum.campaign_id, BigInt(sum.approved)]));
  return new Map(
    campaigns.map(({ campaignId, budgetCurrency, budgetAmount }) => [
      campaignId,
      {
        currency: budgetCurrency!,
        amount: budgetAmount!,
        approved: approved.get(campaignId) ?? 0n,
      },
    ]),
  );
}

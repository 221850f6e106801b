import type { AcquireCouponsV1 } from '@couplet/contracts';
import type { z } from 'zod';
import type { Campaign, Journey, Receipt } from '../journey/types.ts';
import { dayBegins } from './days.ts';
import { holderIdOf } from './holders.ts';
import { idOf } from './ids.ts';
import { offerIdOf, type PlannedOffer } from './offers.ts';

export const MODES = ['as-recorded', 'as-couplet'] as const;
export type Mode = (typeof MODES)[number];

type Acquisition = z.output<typeof AcquireCouponsV1.request>;

/** What happens at one instant of the data to one household; of equal instants acquisitions come first. */
export type Step = { at: Date; householdId: string } & (
  { kind: 'acquire'; acquisition: Acquisition } | { kind: 'settle'; receipt: Receipt }
);

/**
 * Everything that happens, in time order.
 *
 * As recorded, a household acquires a coupon on the day it redeemed it; as Couplet, it acquires all coupons of a campaign
 * that it received on the day the campaign starts. Households without a receipt are left out: nothing could be seen of them.
 */
export function agendaOf(mode: Mode, journey: Journey, offers: readonly PlannedOffer[]): Step[] {
  const shopping = new Set(journey.receipts.map(({ householdId }) => householdId));
  const acquired = mode === 'as-recorded' ? recorded(journey, offers) : targeted(journey, offers);
  const settled = journey.receipts.map((receipt): Step => ({
    kind: 'settle',
    at: receipt.at,
    householdId: receipt.householdId,
    receipt,
  }));
  return [...acquired.filter(({ householdId }) => shopping.has(householdId)), ...settled].sort(
    (a, b) => a.at.getTime() - b.at.getTime() || rank(a) - rank(b),
  );
}

function recorded({ redemptions, campaigns }: Journey, offers: readonly PlannedOffer[]): Step[] {
  const known = new Set(offers.map(({ draft }) => draft.offerId));
  const steps = new Map<string, Step & { kind: 'acquire' }>();
  for (const redemption of redemptions) {
    const offerId = offerIdOf(redemption);
    if (!known.has(offerId)) continue;
    const { householdId, day, campaignId } = redemption;
    const key = `${householdId} ${day} ${campaignId}`;
    const step = steps.get(key) ?? acquire(householdId, campaigns.get(campaignId)!, day);
    step.acquisition.offerIds.push(offerId);
    steps.set(key, step);
  }
  return [...steps.values()];
}

function targeted({ targets, campaigns }: Journey, offers: readonly PlannedOffer[]): Step[] {
  const byCampaign = new Map<string, string[]>();
  for (const { coupon, draft } of offers) {
    byCampaign.set(coupon.campaignId, [...(byCampaign.get(coupon.campaignId) ?? []), draft.offerId]);
  }
  return targets.flatMap(({ campaignId, householdId }) => {
    const offerIds = byCampaign.get(campaignId);
    if (!offerIds) return [];
    const campaign = campaigns.get(campaignId)!;
    const step = acquire(householdId, campaign, campaign.firstDay);
    step.acquisition.offerIds.push(...offerIds);
    return [step];
  });
}

function acquire(
  householdId: string,
  { campaignId, type }: Campaign,
  day: string,
): Step & { kind: 'acquire' } {
  const at = dayBegins(day);
  return {
    kind: 'acquire',
    at,
    householdId,
    acquisition: {
      acquisitionId: idOf('acquisition', householdId, campaignId, day),
      holderId: holderIdOf(householdId),
      channel: CHANNELS[type] ?? 'web',
      acquiredAt: at.toISOString(),
      offerIds: [],
    },
  };
}

/** The data does not tell how a campaign reached a household; its widest campaigns are taken as broadcast. */
const CHANNELS: Record<string, Acquisition['channel']> = { 'Type A': 'broadcast', 'Type B': 'mobile' };

function rank({ kind }: Step): number {
  return kind === 'acquire' ? 0 : 1;
}

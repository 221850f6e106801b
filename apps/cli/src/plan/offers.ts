import type { DraftOffersV1 } from '@couplet/contracts';
import { parseUpcCoupon } from '@couplet/promotion';
import type { z } from 'zod';
import type { Journey, PaperCoupon } from '../journey/types.ts';
import { inDollars } from '../journey/dollars.ts';
import { dayBegins, dayEnds } from './days.ts';
import { idOf } from './ids.ts';

/** Funds its own coupons, and the match of a manufacturer's. */
export const RETAILER = 'retailer:grocer';
export const CURRENCY = 'USD';

export type OfferDraft = z.output<typeof DraftOffersV1.request>['offers'][number];

export interface OfferOptions {
  /** Cents that a coupon without an encoded value takes off one piece; without it such coupons are left out. */
  unencodedValue?: bigint;
  /** Cents up to which the store doubles a manufacturer's amount; 0 for no match. */
  storeMatchUpTo: bigint;
}

export interface PlannedOffer {
  coupon: PaperCoupon;
  draft: OfferDraft;
}

export interface OfferPlan {
  offers: PlannedOffer[];
  /** Coupons whose value nobody knows. */
  leftOut: PaperCoupon[];
}

/** One offer per coupon and campaign, its terms by the value code of the coupon (UPC-A, number system 5). */
export function planOffers(
  journey: Pick<Journey, 'coupons' | 'campaigns'>,
  options: OfferOptions,
): OfferPlan {
  const plan: OfferPlan = { offers: [], leftOut: [] };
  for (const coupon of journey.coupons) {
    const promised = promiseOf(coupon.upc, options.unencodedValue);
    if (!promised) {
      plan.leftOut.push(coupon);
      continue;
    }
    const campaign = journey.campaigns.get(coupon.campaignId)!; // The reader refuses a coupon of an unknown campaign.
    const draft = {
      offerId: offerIdOf(coupon),
      campaignId: campaignIdOf(coupon.campaignId),
      title: titleOf(promised),
      terms: termsOf(promised, coupon.productIds, options.storeMatchUpTo),
      conditions: {
        purposes: ['purchase'],
        validFrom: dayBegins(campaign.firstDay).toISOString(),
        validTo: dayEnds(campaign.lastDay).toISOString(),
      },
    };
    plan.offers.push({ coupon, draft });
  }
  return plan;
}

export function offerIdOf({ upc, campaignId }: Pick<PaperCoupon, 'upc' | 'campaignId'>): string {
  return idOf('offer', upc, campaignId);
}

export function campaignIdOf(campaignId: string): string {
  return idOf('campaign', campaignId);
}

function manufacturerOf(digits: string): string {
  return `manufacturer:${digits}`;
}

interface Promised {
  quantity: number;
  reward: OfferDraft['terms']['reward'];
  party: string;
}

function promiseOf(upc: string, unencodedValue?: bigint): Promised | undefined {
  const code = parseUpcCoupon(upc);
  if (!('notEncoded' in code)) {
    return { quantity: code.purchase, reward: code.reward, party: manufacturerOf(code.manufacturer) };
  }
  if (unencodedValue === undefined) return undefined;
  const party = upc.startsWith('5') ? manufacturerOf(upc.slice(1, 6)) : RETAILER;
  return { quantity: 1, reward: { kind: 'amount-off', amount: unencodedValue }, party };
}

function titleOf({ quantity, reward }: Promised): string {
  if (reward.kind !== 'amount-off') return quantity === 1 ? 'Free item' : `Buy ${quantity - 1}, get one free`;
  return `$${inDollars(reward.amount)} off${quantity > 1 ? ` ${quantity}` : ''}`;
}

function termsOf(
  { quantity, reward, party }: Promised,
  productIds: readonly string[],
  storeMatchUpTo: bigint,
): OfferDraft['terms'] {
  const terms = {
    currency: CURRENCY,
    requires: [{ productIds: [...new Set(productIds)], quantity }],
    reward,
    funding: [{ party, shareBps: 10_000 }],
  };
  // The store doubles what a manufacturer's coupon is worth in cents; a free item has no face value to double.
  const matched = party !== RETAILER && reward.kind === 'amount-off' && storeMatchUpTo > 0n;
  return matched ? { ...terms, storeMatch: { party: RETAILER, upToTotal: storeMatchUpTo } } : terms;
}

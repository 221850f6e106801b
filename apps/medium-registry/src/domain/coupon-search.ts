import type { SearchCouponsV1 } from '@couplet/contracts';
import { discountMaxOf } from '@couplet/promotion';
import type { z } from 'zod';
import type { Candidate, Occasion, PresentedBy } from './candidate.ts';
import { inOrderOfUse, sortOut } from './candidate.ts';
import type { Allowances } from './limits.ts';
import { withinLimits } from './limits.ts';

export type SearchRequest = z.output<typeof SearchCouponsV1.request>;
export type FoundCoupon = z.output<typeof SearchCouponsV1.reply>['coupons'][number];

/** What was found for the media, or the holder, before it is looked at on its occasion. */
export interface FoundWith {
  candidates: readonly Candidate[];
  presentedBy: PresentedBy;
  allowances: Allowances;
}

type SearchOccasion = Pick<SearchRequest, 'purpose' | 'storeId' | 'presentedAt'> & Pick<Occasion, 'timeZone'>;

/** The coupons that could be used on this occasion, by the rules that reserve with; soonest to expire first. */
export function usableCoupons(
  request: SearchOccasion & Pick<SearchRequest, 'limit'>,
  found: FoundWith,
): FoundCoupon[] {
  return usable(request, found).slice(0, request.limit).map(toFound);
}

export function usable(
  { purpose, storeId, timeZone, presentedAt }: SearchOccasion,
  { candidates, presentedBy, allowances }: FoundWith,
): Candidate[] {
  const occasion = { purpose, storeId, timeZone, presentedAtMs: Date.parse(presentedAt) };
  const { eligible } = sortOut(inOrderOfUse(candidates), occasion, presentedBy);
  return withinLimits(eligible, allowances).within;
}

export function toFound({ couponId, holderId, offer }: Candidate): FoundCoupon {
  return {
    couponId,
    holderId,
    offerId: offer.offerId,
    title: offer.title,
    currency: offer.terms.currency,
    amountMax: discountMaxOf(offer.terms),
    ...(offer.isCredit && { settledBy: 'statement-credit' }),
    validTo: new Date(offer.conditions.window.closesMs).toISOString(),
  };
}

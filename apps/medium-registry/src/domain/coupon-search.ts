import type { SearchCouponsV1 } from '@couplet/contracts';
import { discountMaxOf } from '@couplet/promotion';
import type { z } from 'zod';
import type { Candidate, Occasion, PresentedBy } from './candidate.ts';
import { inOrderOfUse, sortOut } from './candidate.ts';
import type { Allowances } from './limits.ts';
import { withinLimits } from './limits.ts';

export type SearchRequest = z.output<typeof SearchCouponsV1.request>;
export type FoundCoupon = z.output<typeof SearchCouponsV1.reply>['coupons'][number];

/** The coupons that could be used on this occasion, by the rules that reserve with; soonest to expire first. */
export function usableCoupons(
  {
    purpose,
    storeId,
    timeZone,
    presentedAt,
    limit,
  }: Pick<SearchRequest, 'purpose' | 'storeId' | 'presentedAt' | 'limit'> & Pick<Occasion, 'timeZone'>,
  found: { candidates: readonly Candidate[]; presentedBy: PresentedBy; allowances: Allowances },
): FoundCoupon[] {
  const occasion = { purpose, storeId, timeZone, presentedAtMs: Date.parse(presentedAt) };
  const { eligible } = sortOut(inOrderOfUse(found.candidates), occasion, found.presentedBy);
  return withinLimits(eligible, found.allowances).within.slice(0, limit).map(toFound);
}

function toFound({ couponId, offer }: Candidate): FoundCoupon {
  return {
    couponId,
    offerId: offer.offerId,
    title: offer.title,
    currency: offer.terms.currency,
    amountMax: discountMaxOf(offer.terms),
    validTo: new Date(offer.conditions.window.closesMs).toISOString(),
  };
}

import { MEDIUM_KINDS } from '@couplet/contracts';
import {
  ineligibility,
  ineligibilityOnAnyDate,
  prepareConditions,
  type Ineligibility,
} from '@couplet/offers';
import {
  evaluate,
  explainLines,
  type AppliedCoupon,
  type LineReason,
  type RefusalReason,
} from '@couplet/promotion';
import type { OfferOfFile } from '../preview/offers-file.ts';
import type { BasketOfFile } from './basket-file.ts';

/** What one offer does to a basket, and why it does no more. */
export interface ExplainedOffer {
  offerId: string;
  title: string;
  /** Absent where it does not apply. */
  applied?: AppliedCoupon;
  /** Absent where it applies. */
  refused?: RefusalReason | Ineligibility;
  /** Lines that carry nothing of it; empty where it was not priced. */
  lines: { lineId: string; reason: LineReason }[];
}

export interface Explanation {
  currency: string;
  /** Before discounts, minor units. */
  amount: bigint;
  discount: bigint;
  /** The best deal saves at most so much more; zero: proven to be the best. */
  missedAtMost: bigint;
  offers: ExplainedOffer[];
}

/** Prices a basket as a till would with one coupon of each offer, and says of every offer and line what happened. */
export function explain(basket: BasketOfFile, offers: readonly OfferOfFile[]): Explanation {
  const ineligible = new Map(offers.map((offer) => [offer.offerId, whyNot(offer, basket)]));
  const coupons = offers
    .filter(({ offerId }) => !ineligible.get(offerId))
    .map(({ offerId, terms }) => ({ couponId: offerId, offerId, terms }));
  const evaluation = evaluate(basket, coupons);
  const lines = explainLines(basket, coupons, evaluation);
  return {
    currency: basket.currency,
    amount: basket.lines.reduce((total, { amount }) => total + amount, 0n),
    discount: evaluation.discount,
    missedAtMost: evaluation.missedAtMost,
    offers: offers.map(({ offerId, title }) => {
      const applied = evaluation.applied.find((coupon) => coupon.offerId === offerId);
      const refusal = evaluation.refused.find((coupon) => coupon.offerId === offerId);
      const refused = ineligible.get(offerId) ?? refusal?.reason;
      return {
        offerId,
        title,
        ...(applied && { applied }),
        ...(refused && { refused }),
        lines: lines
          .filter(({ couponId }) => couponId === offerId)
          .map(({ lineId, reason }) => ({ lineId, reason })),
      };
    }),
  };
}

function whyNot({ conditions }: OfferOfFile, basket: BasketOfFile): Ineligibility | undefined {
  if (!conditions) return undefined;
  const { presentedAt, mediumKinds, purpose, storeId, timeZone, attributes } = basket;
  const check = presentedAt === undefined ? ineligibilityOnAnyDate : ineligibility;
  const kinds = new Set(mediumKinds ?? MEDIUM_KINDS);
  const presentedAtMs = presentedAt === undefined ? 0 : Date.parse(presentedAt);
  return check(prepareConditions(conditions), {
    presentedAtMs,
    purpose,
    storeId,
    timeZone,
    mediumKinds: kinds,
    attributes,
  });
}

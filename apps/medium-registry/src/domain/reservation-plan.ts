import type { AppliedCoupon, ReserveCouponsV1 } from '@couplet/contracts';
import type { Evaluation } from '@couplet/promotion';
import type { z } from 'zod';
import { answerAtOnce, type Answered, isSame, type Question } from './best-deal.ts';
import type { Candidate, PresentedBy } from './candidate.ts';
import { inOrderOfUse, sortOut } from './candidate.ts';
import type { Allowances } from './limits.ts';
import { withinLimits } from './limits.ts';
import { asOneLine, needsLines } from './untold-basket.ts';

export type ReserveRequest = z.output<typeof ReserveCouponsV1.request>;
/** A basket that coupons are wanted for, whatever becomes of them. */
export type BasketRequest = Omit<ReserveRequest, 'resolveAt'>;
export type ReserveAnswer = z.output<typeof ReserveCouponsV1.reply>;

/** What a basket is answered, and the uses that must be taken for the answer to hold. */
export interface ReservationPlan {
  answer: ReserveAnswer;
  uses: PlannedUse[];
  /** What is worth a longer search before it is taken; absent where that is over. */
  unproven?: Answered;
}

export interface PlannedUse {
  candidate: Candidate;
  /** Minor units; what it takes from the budget of its offer. */
  discount: bigint;
}

export interface PlanInput {
  candidates: readonly Candidate[];
  presentedBy: PresentedBy;
  /** Of the store, where it is known and an offer needs it. */
  timeZone?: string | undefined;
  allowances: Allowances;
  /** Offers whose limit refused in an earlier round. */
  droppedOffers: ReadonlySet<string>;
  /** What a longer search found; it counts as long as the same coupons are there. */
  studied?: Answered | undefined;
}

/** The best coupons for a basket. Prices first, so what is then taken is exact and nothing has to be given back. */
export function planReservation(request: BasketRequest, input: PlanInput): ReservationPlan {
  const { timeZone } = input;
  const occasion = { ...request, timeZone, presentedAtMs: Date.parse(request.presentedAt) };
  const { eligible, ineligible } = sortOut(inOrderOfUse(input.candidates), occasion, input.presentedBy);
  const { held, canCredit = held !== undefined } = request;
  const uncredited = canCredit ? [] : eligible.filter(({ offer }) => offer.isCredit);
  const stillOffered = eligible.filter(
    (candidate) => !uncredited.includes(candidate) && !input.droppedOffers.has(candidate.offer.offerId),
  );
  const { within, beyond } = withinLimits(stillOffered, input.allowances);
  const dropped = eligible.filter(({ offer }) => input.droppedOffers.has(offer.offerId));

  const question = questionOf(request, within);
  const { studied } = input;
  const answered = studied && isSame(studied.question, question) ? studied : answerAtOnce(question);
  const { applied, refused, missedAtMost } = withoutLinesUntold(request, answered.evaluation);
  const byCoupon = new Map(within.map((candidate) => [candidate.couponId, candidate]));
  const coupons = applied.map((use) => couponOf(use, byCoupon.get(use.couponId)!));
  return {
    ...(missedAtMost > 0n && !studied && { unproven: answered }),
    uses: applied.map((use) => ({ candidate: byCoupon.get(use.couponId)!, discount: use.discount })),
    answer: {
      settlementId: request.settlementId,
      couponSearch: applied.length > 0 ? 'found' : 'none',
      discount: coupons.reduce((sum, { settledBy, discount }) => (settledBy ? sum : sum + discount), 0n),
      coupons,
      ...(missedAtMost > 0n && { missedAtMost }),
      refused: [
        ...refused,
        ...[...beyond, ...dropped].map((candidate) => refusal(candidate, 'limit-reached')),
        ...uncredited.map((candidate) => refusal(candidate, 'needs-a-card')),
        // A holder keeps last year's coupons; that they are over is no news at a till.
        ...ineligible
          .filter(({ reason }) => reason !== 'not-valid-then')
          .map(({ candidate, reason }) => refusal(candidate, reason)),
      ],
    },
  };
}

/** Priced with all others, so that caps and exclusivity hold over both, and both together never exceed the price. */
function couponOf(use: Evaluation['applied'][number], { offer }: Candidate): AppliedCoupon {
  const coupon = { ...use, title: offer.title };
  return offer.isCredit ? { ...coupon, settledBy: 'statement-credit' } : coupon;
}

/** Without lines only coupons that need none are priced: they come off the amount. */
function questionOf(request: BasketRequest, candidates: readonly Candidate[]): Question {
  const coupons = candidates.map(({ couponId, offer: { offerId, terms } }) => ({ couponId, offerId, terms }));
  const { currency, lines } = request;
  if (lines.length > 0) return { basket: { currency, lines }, coupons };
  return { basket: asOneLine(request), coupons: coupons.filter(({ terms }) => !needsLines(terms)) };
}

function withoutLinesUntold({ lines }: BasketRequest, evaluation: Evaluation): Evaluation {
  if (lines.length > 0) return evaluation;
  return { ...evaluation, applied: evaluation.applied.map((coupon) => ({ ...coupon, lines: [] })) };
}

/** The answer when there is nothing to reserve with, or the settlement is over. */
export function answerNone(settlementId: string): ReserveAnswer {
  return { settlementId, couponSearch: 'none', discount: 0n, coupons: [], refused: [] };
}

function refusal({ couponId, offer }: Candidate, reason: string): ReserveAnswer['refused'][number] {
  return { couponId, offerId: offer.offerId, reason };
}

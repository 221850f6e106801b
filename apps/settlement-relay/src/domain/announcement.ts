import type {
  BasketLine,
  SettlementAbandonedV1,
  SettlementCapturedV1,
  SettlementCreditedV1,
  SettlementGrantedV1,
  SettlementRefundedV1,
  SettlementRolledBackV1,
} from '@couplet/contracts';
import type { Return } from './refund.ts';
import { cardAmountOf, couponsInUse, type Authorization, type Settlement } from './settlement.ts';
import { creditOf } from './statement-credit.ts';

/** A fact that leaves in the commit that makes it true. */
export type Announcement =
  | { readonly fact: 'granted'; readonly payload: SettlementGrantedV1 }
  | { readonly fact: 'abandoned'; readonly payload: SettlementAbandonedV1 }
  | { readonly fact: 'rolled-back'; readonly payload: SettlementRolledBackV1 }
  | { readonly fact: 'refunded'; readonly payload: SettlementRefundedV1 }
  | { readonly fact: 'captured'; readonly payload: SettlementCapturedV1 }
  | { readonly fact: 'credited'; readonly payload: SettlementCreditedV1 };

export function announceGranted(
  settlement: Settlement,
  lines: readonly BasketLine[],
  now: Date,
): Announcement {
  const { settlementId, attemptId, relay, terms, grant, couponSearch } = settlement;
  if (!terms || !grant) throw new Error(`settlement ${settlementId} was granted without terms`);
  const { storeId, terminalId, presentedAt, purpose, currency, amount: originalAmount } = terms;
  const credit = creditOf(grant.coupons);
  return {
    fact: 'granted',
    payload: {
      settlementId,
      attemptId,
      relay,
      storeId,
      terminalId,
      purpose,
      currency,
      originalAmount,
      presentedAt: presentedAt.toISOString(),
      grantedAt: now.toISOString(),
      amount: grant.amount,
      cardAmount: cardAmountOf(settlement),
      discount: originalAmount - grant.amount,
      ...(credit > 0n && { credit }),
      strategy: grant.strategy,
      couponSearch: couponSearch ?? 'late',
      coupons: [...grant.coupons],
      lines: [...lines],
    },
  };
}

export function announceAbandoned(settlement: Settlement, now: Date): Announcement {
  const { settlementId, relay, terms, declineReason } = settlement;
  const seen = terms && { storeId: terms.storeId, presentedAt: terms.presentedAt.toISOString() };
  const end = { reason: declineReason ?? 'timeout', abandonedAt: now.toISOString() };
  return { fact: 'abandoned', payload: { settlementId, relay, ...seen, ...end } };
}

export function announceRolledBack(
  settlement: Settlement,
  reason: SettlementRolledBackV1['reason'],
  now: Date,
): Announcement {
  const { settlementId, relay, keepsCoupons } = settlement;
  const couponIds = couponsInUse(settlement);
  const coupons = keepsCoupons ? { couponIds: [], keptCouponIds: couponIds } : { couponIds };
  return {
    fact: 'rolled-back',
    payload: { settlementId, relay, reason, ...coupons, rolledBackAt: now.toISOString() },
  };
}

export function announceCaptured(
  { settlementId, relay, terms }: Settlement,
  { authorizationId, amount }: Authorization,
  now: Date,
): Announcement {
  if (!terms) throw new Error(`settlement ${settlementId} was captured without terms`);
  const { currency } = terms;
  return {
    fact: 'captured',
    payload: { settlementId, authorizationId, relay, currency, amount, capturedAt: now.toISOString() },
  };
}

/** Of every discount that had not come back before, and has now. */
export function announceCredited(before: Settlement, after: Settlement, now: Date): Announcement[] {
  const { relay, terms, grant } = after;
  if (!terms) throw new Error(`settlement ${after.settlementId} was granted without terms`);
  const done = new Set(
    before.refunds.filter(({ state }) => state === 'done').map(({ refundId }) => refundId),
  );
  const granted = new Set(grant?.coupons.map(({ couponId }) => couponId));
  return after.refunds.flatMap(({ refundId, amount, state, lateDiscounts }) => {
    if (!lateDiscounts || state !== 'done' || done.has(refundId)) return [];
    const couponIds = lateDiscounts.map(({ couponId }) => couponId);
    // Coupons that were found too late were used by a settlement that has the id of the refund.
    const settlementId = couponIds.every((id) => granted.has(id)) ? after.settlementId : refundId;
    const payload = { settlementId, refundId, relay, currency: terms.currency, amount, couponIds };
    return [{ fact: 'credited', payload: { ...payload, creditedAt: now.toISOString() } }];
  });
}

export function announceRefunded(
  { settlementId, relay, terms }: Settlement,
  { refund, discounts }: Return,
  now: Date,
): Announcement {
  if (!terms) throw new Error(`settlement ${settlementId} was refunded without terms`);
  const { refundId, amount, cardAmount, couponIds } = refund;
  return {
    fact: 'refunded',
    payload: {
      ...{ settlementId, refundId, relay, amount, cardAmount, couponIds },
      currency: terms.currency,
      discounts: discounts.map(({ couponId, lines, funding }) => ({
        couponId,
        lines: [...lines],
        funding: [...funding],
      })),
      refundedAt: now.toISOString(),
    },
  };
}

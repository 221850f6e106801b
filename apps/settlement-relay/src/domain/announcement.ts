import type {
  BasketLine,
  SettlementAbandonedV1,
  SettlementCapturedV1,
  SettlementGrantedV1,
  SettlementRefundedV1,
  SettlementRolledBackV1,
} from '@couplet/contracts';
import type { Return } from './refund.ts';
import { cardAmountOf, couponsInUse, type Authorization, type Settlement } from './settlement.ts';

/** A fact that leaves in the commit that makes it true. */
export type Announcement =
  | { readonly fact: 'granted'; readonly payload: SettlementGrantedV1 }
  | { readonly fact: 'abandoned'; readonly payload: SettlementAbandonedV1 }
  | { readonly fact: 'rolled-back'; readonly payload: SettlementRolledBackV1 }
  | { readonly fact: 'refunded'; readonly payload: SettlementRefundedV1 }
  | { readonly fact: 'captured'; readonly payload: SettlementCapturedV1 };

export function announceGranted(
  settlement: Settlement,
  lines: readonly BasketLine[],
  now: Date,
): Announcement {
  const { settlementId, attemptId, relay, terms, grant, couponSearch } = settlement;
  if (!terms || !grant) throw new Error(`settlement ${settlementId} was granted without terms`);
  const { storeId, terminalId, presentedAt, purpose, currency, amount: originalAmount } = terms;
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

import type { AppliedCoupon, SettleReply } from '@couplet/contracts';
import { amountDueOf, type Settlement, type Terms } from './settlement.ts';
import { creditOf } from './statement-credit.ts';

/**
 * What a terminal is told: read from the journal, so it is so.
 *
 * @param asked what to say of an attempt that was ended before it was seen
 * @returns undefined while the attempt is undecided, or when nothing is known of what was asked
 */
export function replyOf(
  settlement: Settlement,
  asked?: Pick<Terms, 'currency' | 'amount'>,
): SettleReply | undefined {
  const terms = settlement.terms ?? asked;
  if (!terms) return undefined;
  switch (settlement.state) {
    case 'started':
      return undefined;
    case 'granted':
      return approved(settlement, terms);
    case 'abandoned':
      return declined(settlement, terms, settlement.declineReason ?? 'timeout');
    case 'cancelled':
      return declined(settlement, terms, 'cancelled');
  }
}

function approved(settlement: Settlement, terms: Pick<Terms, 'currency' | 'amount'>): SettleReply {
  const { grant, confirmBy } = settlement;
  if (!grant) throw new Error(`settlement ${settlement.settlementId} is granted without a grant`);
  const { amount, coupons, strategy, approval } = grant;
  const amountDue = amountDueOf(settlement);
  const credit = creditOf(coupons);
  return {
    ...outline(settlement, terms),
    outcome: 'approved',
    discount: terms.amount - amount,
    amount,
    ...(credit > 0n && { credit }),
    ...(amountDue > 0n && { approvedAmount: amount - amountDue, amountDue }),
    coupons: coupons.filter(({ discount }) => discount > 0n),
    benefits: coupons.flatMap(benefitOf),
    ...(confirmBy && { confirmBy: confirmBy.toISOString() }),
    ...(approval && { authorization: { ...approval, strategy } }),
  };
}

function declined(
  settlement: Settlement,
  terms: Pick<Terms, 'currency' | 'amount'>,
  declineReason: string,
): SettleReply {
  return {
    ...outline(settlement, terms),
    outcome: 'declined',
    declineReason,
    discount: 0n,
    amount: terms.amount,
    coupons: [],
    benefits: [],
  };
}

function benefitOf({ couponId, offerId, title, benefit }: AppliedCoupon): SettleReply['benefits'] {
  return benefit ? [{ couponId, offerId, title, benefit }] : [];
}

function outline(settlement: Settlement, { currency, amount }: Pick<Terms, 'currency' | 'amount'>) {
  const { attemptId, settlementId, couponSearch = 'late' } = settlement;
  return { attemptId, settlementId, currency, originalAmount: amount, couponSearch };
}

import { expecting, type Difference } from './difference.ts';
import type { JournalFact, RefundFact } from './facts.ts';

/** What shoppers paid in full: owed to the card from the moment the sale is final, once, and paid or with a person. */
export function checkCredits(journal: readonly JournalFact[]): Difference[] {
  const byId = new Map(journal.map((fact) => [fact.settlementId, fact]));
  return journal.flatMap((fact) => {
    const differences: Difference[] = [];
    const refunds = refundsFor(fact, byId);
    const owed = refunds.reduce((sum, { amount }) => sum + amount, 0n);
    const promised = fact.confirmed ? creditOf(fact) : 0n;
    const says = { promised, owed, refunds: refunds.map(({ state }) => state).join() };
    const paying = byId.get(fact.continues ?? '') ?? fact;
    const isSettled = refunds.length <= 1 && refunds.every((refund) => isAtRest(refund, paying));
    expecting(fact.settlementId, differences)('credits-are-paid', owed === promised && isSettled, says);
    return differences;
  });
}

/** Coupons that were found too late were granted by a settlement of their own; the sale gives the credit back, by its id. */
function refundsFor(fact: JournalFact, byId: ReadonlyMap<string, JournalFact>): RefundFact[] {
  const coupons = new Set(fact.coupons.filter(({ credit }) => credit).map(({ couponId }) => couponId));
  const sale = fact.continues === undefined ? undefined : byId.get(fact.continues);
  const gives = ({ credits }: RefundFact) => credits.some((couponId) => coupons.has(couponId));
  const late = (sale?.refunds ?? []).filter(({ refundId }) => refundId === fact.settlementId);
  return [...fact.refunds, ...late].filter(gives);
}

function isAtRest({ state }: RefundFact, { cardAmount, authorizations }: JournalFact): boolean {
  if (state === 'done') return true;
  // Nothing was taken that could be given back.
  if (state === 'not-needed') return cardAmount === 0n;
  return authorizations.some((one) => one.state === 'listed');
}

const creditOf = ({ coupons }: JournalFact): bigint =>
  coupons.reduce((sum, { discount, credit }) => (credit ? sum + discount : sum), 0n);

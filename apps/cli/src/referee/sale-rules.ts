import { expecting, type Difference } from './difference.ts';
import type { JournalFact } from './facts.ts';

/** Sales that several attempts paid: no refund is an attempt's own, and by hand comes back only what no card paid. */
export function checkSales(journal: readonly JournalFact[]): Difference[] {
  const byId = new Map(journal.map((fact) => [fact.settlementId, fact]));
  const sales = new Map<string, JournalFact[]>();
  for (const fact of journal) {
    const { settlementId } = firstOf(fact, byId);
    sales.set(settlementId, [...(sales.get(settlementId) ?? []), fact]);
  }
  return [...sales].flatMap(([settlementId, attempts]) => {
    const differences: Difference[] = [];
    const first = byId.get(settlementId);
    if (first) checkSale(first, attempts, differences);
    return differences;
  });
}

function checkSale(first: JournalFact, attempts: readonly JournalFact[], differences: Difference[]): void {
  const asked = new Set(first.refunds.map(({ refundId }) => refundId));
  for (const { settlementId, refunds } of attempts) {
    const own = refunds.filter(({ refundId }) => refundId !== settlementId && !asked.has(refundId));
    expecting(settlementId, differences)('a-sale-is-given-back-once', own.length === 0, {
      sale: first.settlementId,
      'refunds of its own': own.map(({ refundId }) => refundId).join(),
    });
  }
  if (first.state !== 'granted') return;
  const byCards = attempts
    .filter(({ state }) => state === 'granted')
    .reduce((sum, { cardAmount }) => sum + cardAmount, 0n);
  const otherwise = (first.amount ?? 0n) - byCards;
  const byHand = givenByHand(first, attempts);
  expecting(first.settlementId, differences)(
    'a-sale-is-given-back-once',
    byHand >= 0n && byHand <= otherwise,
    { 'paid otherwise than by card': otherwise, 'given by hand': byHand },
  );
}

/** What refunds of the sale gave beside what they gave on its cards. */
function givenByHand({ refunds }: JournalFact, attempts: readonly JournalFact[]): bigint {
  const ids = new Set(refunds.filter(({ state }) => state !== 'not-needed').map(({ refundId }) => refundId));
  const all = refunds.reduce((sum, { refundId, amount }) => sum + (ids.has(refundId) ? amount : 0n), 0n);
  return attempts
    .flatMap((attempt) => attempt.refunds)
    .filter(({ refundId }) => ids.has(refundId))
    .reduce((left, { cardAmount }) => left - cardAmount, all);
}

function firstOf(fact: JournalFact, byId: ReadonlyMap<string, JournalFact>): JournalFact {
  const before = fact.continues === undefined ? undefined : byId.get(fact.continues);
  return before ? firstOf(before, byId) : fact;
}

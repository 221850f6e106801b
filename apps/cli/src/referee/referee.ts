import { checkCoupons, checkRegistry, listed } from './coupon-rules.ts';
import { checkCredits } from './credit-rules.ts';
import { expecting, type Difference, type Expect } from './difference.ts';
import type { Facts, JournalFact, TillFact } from './facts.ts';
import { checkMoney } from './money-rules.ts';
import { checkSales } from './sale-rules.ts';
import { sidesBySettlement, type SettlementSides } from './sides.ts';
import { checkTotals } from './total-rules.ts';

/** The invariants of the protocol (DESIGN, section 3), row by row over what the sides remember at rest. */
export function referee(facts: Facts): Difference[] {
  const settlements = [...sidesBySettlement(facts)];
  return [
    ...settlements.flatMap(([settlementId, sides]) => ofSettlement(settlementId, sides)),
    ...checkSales(facts.journal),
    ...checkCredits(facts.journal),
    ...checkTotals(facts),
  ];
}

function ofSettlement(settlementId: string, sides: SettlementSides): Difference[] {
  const differences: Difference[] = [];
  const expect = expecting(settlementId, differences);
  const { journal, network, till, scan } = sides;
  if (!journal && scan) {
    checkScan(scan, sides, expect);
    return differences;
  }
  if (!journal) {
    const registry = isNothing(sides.registry) ? undefined : sides.registry;
    const known = Object.entries({ ...sides, registry, network: network[0] }).filter(
      ([, fact]) => fact !== undefined,
    );
    expect(
      'journal-knows-every-settlement',
      known.length === 0,
      Object.fromEntries(known.map(([side]) => [side, 'knows it'])),
    );
    return differences;
  }
  expect('every-attempt-is-decided', journal.state !== 'started', { journal: journal.state });
  if (till) checkTill(till, journal, expect);
  checkMoney(journal, network, expect);
  checkCoupons(journal, sides, expect);
  return differences;
}

/**
 * The registry remembers only that it answered "none". Every attempt is journalled before it asks; coupons that came too late
 * are looked for by an id that is journalled once some are free (`late-coupon.ts` of the relay).
 */
function isNothing(registry: SettlementSides['registry']): boolean {
  return registry?.state === 'empty' && !registry.open && registry.reservations.length === 0;
}

/** A scan decides over its coupons itself; money is the till's. */
function checkScan(
  { state, coupons }: NonNullable<SettlementSides['scan']>,
  { registry, analytics }: SettlementSides,
  expect: Expect,
): void {
  expect('every-attempt-is-decided', state !== 'asked', { barcode: state });
  const used = state === 'granted' ? coupons : [];
  checkRegistry('barcode', used, registry, expect);
  const counted = listed(analytics?.coupons ?? []);
  expect('analytics-equals-granted', listed(used) === counted, { barcode: listed(used), analytics: counted });
}

function checkTill(till: TillFact, { state, amount, coupons }: JournalFact, expect: Expect): void {
  const credit = coupons.reduce((sum, one) => (one.credit ? sum + one.discount : sum), 0n);
  const holds = state === 'granted' ? `approved ${amount}, credit ${credit}` : 'declined';
  const told = till.outcome === 'approved' ? `approved ${till.amount}, credit ${till.credit}` : 'declined';
  expect('till-was-told-what-the-journal-holds', told === holds, { till: told, journal: holds });
}

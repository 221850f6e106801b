import type { Expect } from './difference.ts';
import type { CouponFact, JournalFact } from './facts.ts';
import { capturedOn } from './money-rules.ts';
import type { SettlementSides } from './sides.ts';

/** Journal, registry and analytics: the coupons of one settlement and what they took off. */
export function checkCoupons(journal: JournalFact, sides: SettlementSides, expect: Expect): void {
  const isGranted = journal.state === 'granted';
  const granted = isGranted ? journal.coupons : [];
  const discount = tillDiscountOf(granted);
  const promised = isGranted ? (journal.price ?? 0n) - (journal.amount ?? 0n) : 0n;
  expect('discount-is-the-sum-of-the-coupons', discount === promised, {
    journal: promised,
    coupons: discount,
  });

  const used = couponsInUse(journal);
  checkRegistry('journal', used, sides.registry, expect);
  const wanted = isGranted
    ? usage({ amount: journal.amount, discount, captured: capturedOn(sides.network), coupons: used })
    : journal.state;
  const counted = countedBy(sides.analytics);
  expect('analytics-equals-granted', wanted === counted, { journal: wanted, analytics: counted });
}

/** What coupons took off the price; what is credited later took nothing off. */
export const tillDiscountOf = (coupons: readonly CouponFact[]): bigint =>
  coupons.reduce((sum, { discount, credit }) => (credit ? sum : sum + discount), 0n);

/** Coupons that the sale used up and did not give back. */
export function couponsInUse({ state, coupons, refunds, keepsCoupons }: JournalFact): CouponFact[] {
  if (state !== 'granted' && !(state === 'cancelled' && keepsCoupons)) return [];
  const given = new Set(refunds.flatMap(({ couponIds }) => couponIds));
  return coupons.filter(({ couponId }) => !given.has(couponId));
}

/** @param decider the side that says what was granted */
export function checkRegistry(
  decider: string,
  granted: readonly CouponFact[],
  registry: SettlementSides['registry'],
  expect: Expect,
): void {
  const reservations = registry?.reservations ?? [];
  const reserved = reservations.filter(({ state }) => state === 'reserved').length;
  expect('nothing-stays-reserved', reserved === 0 && !registry?.open, {
    registry: registry?.state,
    reserved,
  });
  const consumed = reservations.filter(({ state }) => state === 'consumed');
  const [wanted, is] = [granted, consumed].map((coupons) => listed(coupons.map(discountAlone)));
  expect('consumed-equals-granted', wanted === is, {
    [decider]: wanted,
    registry: is,
  });
}

function countedBy(analytics: SettlementSides['analytics']): string {
  if (!analytics) return 'does not know it';
  if (analytics.state === 'granted') return usage(analytics);
  return analytics.state === 'rolled-back' ? 'cancelled' : analytics.state;
}

interface Usage {
  amount?: bigint | undefined;
  discount: bigint;
  captured: bigint;
  coupons: readonly CouponFact[];
}

function usage({ amount, discount, captured, coupons }: Usage): string {
  return `granted ${amount}, discount ${discount}, captured ${captured}, coupons ${listed(coupons)}`;
}

/** Whether it was paid the registry does not know. */
const discountAlone = ({ couponId, discount }: CouponFact): CouponFact => ({ couponId, discount });

export function listed(coupons: readonly CouponFact[]): string {
  const entries = coupons.map(
    ({ couponId, discount, credit }) => `${couponId}=${discount}${credit ? ` ${credit}` : ''}`,
  );
  return entries.sort().join(' ') || 'none';
}

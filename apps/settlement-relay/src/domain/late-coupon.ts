import type { AppliedCoupon } from '@couplet/contracts';
import { announceGranted, announceRefunded } from './announcement.ts';
import type { Change } from './decide.ts';
import type { CouponAnswer } from './next-step.ts';
import type { DecideDeps } from './settle-deps.ts';
import { amountDueOf, cardAmountOf, phaseOf, type Refund, type Settlement } from './settlement.ts';

/** What becomes of coupons that are found after the sale was settled without them (F5). */
export type LateCoupons = 'release' | 'refund';

export interface LateDeps extends DecideDeps {
  readonly newId: () => string;
  readonly credits: {
    /** Journals both, or nothing. @returns false if either is no longer as it was before */
    commitCredit(
      credit: { readonly started: Settlement; readonly change: Change },
      sale: { readonly before: Settlement; readonly change: Change },
    ): Promise<boolean>;
  };
}

/**
 * Gives the discount of coupons that were found too late as a refund (F5, by policy). The sale released them when it was
 * granted, so they are reserved again, for a settlement of their own: a credit that the coupons pay whole, granted in the
 * commit that makes the refund due.
 */
export async function creditLate(
  { settlementId }: Settlement,
  found: Promise<CouponAnswer>,
  reserve: (settlementId: string) => Promise<CouponAnswer>,
  deps: LateDeps,
): Promise<void> {
  if ((await found).couponSearch !== 'found') return;
  const creditId = deps.newId();
  const again = await reserve(creditId);
  if (again.couponSearch !== 'found') return;
  for (;;) {
    const before = await deps.journal.find({ settlementId });
    const now = deps.clock.now();
    const planned = before && planCredit(before, creditId, again.coupons, now);
    // Refused: nobody journalled the credit, so the registry hears that it was abandoned when it asks.
    if (!planned) return;
    if (await deps.credits.commitCredit(planned.credit, { before, change: planned.sale })) return;
    if ((await deps.journal.find({ settlementId }))?.version === before.version) return;
  }
}

/** @returns undefined when the sale no longer takes a discount */
function planCredit(
  before: Settlement,
  creditId: string,
  found: readonly AppliedCoupon[],
  now: Date,
): { credit: { started: Settlement; change: Change }; sale: Change } | undefined {
  const coupons = found.filter(({ discount }) => discount > 0n);
  const discount = coupons.reduce((sum, one) => sum + one.discount, 0n);
  const { grant, terms } = before;
  // What is still due by another tender is due whole: what pays it continues the sale, as the credit would.
  const untouched =
    phaseOf(before) === 'confirmed' && before.refunds.length === 0 && amountDueOf(before) === 0n;
  if (!untouched || !grant || !terms || grant.coupons.length > 0) return undefined;
  if (discount === 0n || discount > grant.amount) return undefined;

  const refund: Refund = lateRefund(before, creditId, coupons, discount);
  const settlement = { ...before, version: before.version + 1, refunds: [refund] };
  const told = announceRefunded(settlement, { refund, discounts: [] }, now);
  return {
    credit: creditOf(before, creditId, coupons, discount, now),
    sale: { settlement, announcements: [told] },
  };
}

function lateRefund(
  sale: Settlement,
  creditId: string,
  coupons: readonly AppliedCoupon[],
  discount: bigint,
): Refund {
  const onCard = cardAmountOf(sale);
  const cardAmount = discount < onCard ? discount : onCard;
  const lateDiscounts = coupons.map(({ couponId, lines, funding }) => ({ couponId, lines, funding }));
  const state = cardAmount > 0n ? 'due' : 'done';
  return { refundId: creditId, amount: discount, cardAmount, lines: [], couponIds: [], lateDiscounts, state };
}

/** Ends with the sale: it continues it, so a cancel of the sale gives these coupons back too. */
function creditOf(
  { relay, terms, settlementId: continues }: Settlement,
  creditId: string,
  coupons: readonly AppliedCoupon[],
  discount: bigint,
  now: Date,
): { started: Settlement; change: Change } {
  if (!terms) throw new Error(`settlement ${continues} was granted without terms`);
  const started: Settlement = {
    ...{ settlementId: creditId, relay, attemptId: creditId, state: 'started', confirmed: false, version: 1 },
    ...{ deadlineAt: now, authorizations: [], refunds: [] },
    terms: { ...terms, amount: discount, capture: 'immediate', continues },
  };
  const settlement: Settlement = {
    ...started,
    ...{ state: 'granted', confirmed: true, version: 2, couponSearch: 'found' },
    grant: { amount: 0n, coupons, strategy: 'none', lines: [] },
  };
  return { started, change: { settlement, announcements: [announceGranted(settlement, [], now)] } };
}

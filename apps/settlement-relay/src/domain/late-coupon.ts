import type { AppliedCoupon } from '@couplet/contracts';
import { announceGranted, announceRefunded } from './announcement.ts';
import type { Change } from './decide.ts';
import type { CouponAnswer } from './next-step.ts';
import type { DecideDeps } from './settle-deps.ts';
import { amountDueOf, phaseOf, type Refund, type Settlement } from './settlement.ts';
import { isCredit, refundOf, tillDiscountOf } from './statement-credit.ts';

/** What becomes of coupons that are found after the sale was settled without them (F5); credits are given in any case. */
export type LateCoupons = 'release' | 'refund';

export interface LateDeps extends DecideDeps {
  readonly newId: () => string;
  readonly lateCoupons: LateCoupons;
  readonly credits: {
    /** Journals both, or nothing. @returns false if either is no longer as it was before */
    commitCredit(
      credit: { readonly started: Settlement; readonly change: Change },
      sale: { readonly before: Settlement; readonly change: Change },
    ): Promise<boolean>;
  };
}

/**
 * Gives the discount of coupons that were found too late as a refund (F5, by policy, and what is credited anyway). The sale
 * releases them with its grant, so they are reserved again, for a settlement of their own: a credit that the coupons pay
 * whole, granted in the commit that makes the refund due.
 */
export async function creditLate(
  { settlementId }: Settlement,
  found: Promise<CouponAnswer>,
  reserve: (settlementId: string) => Promise<CouponAnswer>,
  deps: LateDeps,
): Promise<void> {
  if (givenLate(await found, deps).length === 0) return;
  const reserved = await reservedAgain(reserve, deps);
  if (!reserved) return;
  const { creditId, coupons } = reserved;
  for (;;) {
    const before = await deps.journal.find({ settlementId });
    const now = deps.clock.now();
    const planned = before && planCredit(before, creditId, coupons, now);
    // Refused: nobody journalled the credit, so the registry hears that it was abandoned when it asks.
    if (!planned) return;
    if (await deps.credits.commitCredit(planned.credit, { before, change: planned.sale })) return;
    if ((await deps.journal.find({ settlementId }))?.version === before.version) return;
  }
}

/** Waits before each try: the sale holds its coupons until the registry has heard of its grant. */
const AGAIN_AFTER_MS = [0, 200, 1_000, 5_000];

/**
 * Each time for another settlement, for the registry answers one the same for ever. Undefined when nothing became free:
 * the coupons stay with their holder.
 */
async function reservedAgain(
  reserve: (settlementId: string) => Promise<CouponAnswer>,
  deps: LateDeps,
): Promise<{ creditId: string; coupons: AppliedCoupon[] } | undefined> {
  for (const waitMs of AGAIN_AFTER_MS) {
    await deps.clock.until(new Date(deps.clock.now().getTime() + waitMs));
    const creditId = deps.newId();
    const coupons = givenLate(await reserve(creditId), deps);
    if (coupons.length > 0) return { creditId, coupons };
  }
  return undefined;
}

function givenLate(search: CouponAnswer, { lateCoupons }: Pick<LateDeps, 'lateCoupons'>): AppliedCoupon[] {
  if (search.couponSearch !== 'found') return [];
  return search.coupons.filter((one) => one.discount > 0n && (lateCoupons === 'refund' || isCredit(one)));
}

/** @returns undefined when the sale no longer takes a discount */
function planCredit(
  before: Settlement,
  creditId: string,
  coupons: readonly AppliedCoupon[],
  now: Date,
): { credit: { started: Settlement; change: Change }; sale: Change } | undefined {
  const refund: Refund = refundOf(before, creditId, coupons);
  const { grant, terms } = before;
  // What is still due by another tender is due whole: what pays it continues the sale, as the credit would.
  const untouched =
    phaseOf(before) === 'confirmed' && before.refunds.length === 0 && amountDueOf(before) === 0n;
  if (!untouched || !grant || !terms || grant.coupons.length > 0) return undefined;
  if (refund.amount > grant.amount) return undefined;

  const settlement = { ...before, version: before.version + 1, refunds: [refund] };
  const told = announceRefunded(settlement, { refund, discounts: [] }, now);
  return {
    credit: grantedLate(before, creditId, coupons, now),
    sale: { settlement, announcements: [told] },
  };
}

/** Ends with the sale: it continues it, so a cancel of the sale gives these coupons back too. */
function grantedLate(
  { relay, terms, settlementId: continues }: Settlement,
  creditId: string,
  coupons: readonly AppliedCoupon[],
  now: Date,
): { started: Settlement; change: Change } {
  if (!terms) throw new Error(`settlement ${continues} was granted without terms`);
  const started: Settlement = {
    ...{ settlementId: creditId, relay, attemptId: creditId, state: 'started', confirmed: false, version: 1 },
    ...{ deadlineAt: now, authorizations: [], refunds: [] },
    terms: { ...terms, amount: tillDiscountOf(coupons), capture: 'immediate', continues },
  };
  const settlement: Settlement = {
    ...started,
    ...{ state: 'granted', confirmed: true, version: 2, couponSearch: 'found' },
    grant: { amount: 0n, coupons, strategy: 'none', lines: [] },
  };
  return { started, change: { settlement, announcements: [announceGranted(settlement, [], now)] } };
}

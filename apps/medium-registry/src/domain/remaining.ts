import type { Candidate } from './candidate.ts';
import { byOffer } from './escrow.ts';
import { type Allowances, holderOffer } from './limits.ts';
import type { PlannedUse } from './reservation-plan.ts';

/** What is left of coupons and under the limits of their offers, counted down as settlements take it. */
export class Remaining implements Allowances {
  readonly usesLeft: Map<string, bigint>;
  readonly budgetLeft: Map<string, bigint>;
  readonly usesByHolder: Map<string, number>;
  private readonly ofCoupon: Map<string, number>;

  /** @param ofCoupon uses left by couponId; a coupon that is not in it has none */
  constructor(ofCoupon: ReadonlyMap<string, number>, { usesLeft, budgetLeft, usesByHolder }: Allowances) {
    this.ofCoupon = new Map(ofCoupon);
    this.usesLeft = new Map(usesLeft);
    this.budgetLeft = new Map(budgetLeft);
    this.usesByHolder = new Map(usesByHolder);
  }

  hasUse({ couponId }: Candidate): boolean {
    return (this.ofCoupon.get(couponId) ?? 0) > 0;
  }

  /** Whether the coupons themselves, and what each holder may use of an offer, leave room for all of these uses. */
  allows(uses: readonly PlannedUse[]): boolean {
    const byHolder = new Map(this.usesByHolder);
    return uses.every(({ candidate }) => {
      const { holderId, offer } = candidate;
      const used = increment(byHolder, holderOffer(holderId, offer.offerId));
      return this.hasUse(candidate) && used <= (offer.limits.usesPerHolder ?? used);
    });
  }

  /** Offers whose limit in total leaves no room for these uses. */
  refusing(uses: readonly PlannedUse[]): string[] {
    return byOffer(uses.map(({ candidate: { offer }, discount }) => ({ offer, discount })))
      .filter(
        ({ offer: { offerId }, uses: count, discount }) =>
          (this.usesLeft.get(offerId) ?? BigInt(count)) < BigInt(count) ||
          (this.budgetLeft.get(offerId) ?? discount) < discount,
      )
      .map(({ offer }) => offer.offerId);
  }

  take(uses: readonly PlannedUse[]): void {
    for (const { candidate, discount } of uses) {
      const { couponId, holderId, offer } = candidate;
      increment(this.usesByHolder, holderOffer(holderId, offer.offerId));
      this.ofCoupon.set(couponId, (this.ofCoupon.get(couponId) ?? 0) - 1);
      lower(this.usesLeft, offer.offerId, 1n);
      lower(this.budgetLeft, offer.offerId, discount);
    }
  }
}

function increment(counts: Map<string, number>, key: string): number {
  const count = (counts.get(key) ?? 0) + 1;
  counts.set(key, count);
  return count;
}

/** Of an offer that is not limited in this way there is nothing to lower. */
function lower(left: Map<string, bigint>, offerId: string, amount: bigint): void {
  const before = left.get(offerId);
  if (before !== undefined) left.set(offerId, before - amount);
}

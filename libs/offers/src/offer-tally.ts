import type { OfferConditions, OfferTerms } from '@couplet/contracts';
import type { AppliedCoupon } from '@couplet/promotion';

/** What one offer has done; amounts in minor units of its currency. */
export interface OfferResult {
  offerId: string;
  /** Baskets that hold one of its products and meet its conditions. */
  basketsTouched: number;
  uses: number;
  currency: string;
  discount: bigint;
  byParty: { party: string; amount: bigint }[];
  /** RFC 3339, when a use was first left out because of the limit. */
  budgetRanOutAt?: string;
  usesRanOutAt?: string;
}

/** What one offer has done so far, and what its limits still allow. */
export class OfferTally {
  private basketsTouched = 0;
  private uses = 0;
  private discount = 0n;
  private readonly byParty = new Map<string, bigint>();
  private readonly usesByHolder = new Map<string, number>();
  private budgetRanOutMs: number | undefined;
  private usesRanOutMs: number | undefined;

  constructor(
    private readonly offer: {
      offerId: string;
      terms: OfferTerms;
      conditions: Pick<OfferConditions, 'limits'>;
    },
  ) {}

  touch(): void {
    this.basketsTouched += 1;
  }

  allowsHolder(holderId: string | undefined): boolean {
    const most = this.limits.usesPerHolder;
    return most === undefined || holderId === undefined || (this.usesByHolder.get(holderId) ?? 0) < most;
  }

  /** Whether the limits in total allow one more use of this discount; remembers when they first did not. */
  canPay(discount: bigint, atMs: number): boolean {
    const { uses, budget } = this.limits;
    const usesLeft = uses === undefined || this.uses < uses;
    const budgetLeft = budget === undefined || this.discount + discount <= budget;
    if (!usesLeft) this.usesRanOutMs ??= atMs;
    if (!budgetLeft) this.budgetRanOutMs ??= atMs;
    return usesLeft && budgetLeft;
  }

  count(use: AppliedCoupon | undefined, holderId: string | undefined): void {
    if (!use) return;
    this.uses += 1;
    this.discount += use.discount;
    for (const { party, amount } of use.funding) {
      this.byParty.set(party, (this.byParty.get(party) ?? 0n) + amount);
    }
    if (holderId !== undefined) this.usesByHolder.set(holderId, (this.usesByHolder.get(holderId) ?? 0) + 1);
  }

  result(): OfferResult {
    const { offerId, terms } = this.offer;
    const { basketsTouched, uses, discount, budgetRanOutMs, usesRanOutMs } = this;
    return {
      offerId,
      basketsTouched,
      uses,
      currency: terms.currency,
      discount,
      byParty: [...this.byParty].map(([party, amount]) => ({ party, amount })),
      ...(budgetRanOutMs !== undefined && { budgetRanOutAt: new Date(budgetRanOutMs).toISOString() }),
      ...(usesRanOutMs !== undefined && { usesRanOutAt: new Date(usesRanOutMs).toISOString() }),
    };
  }

  private get limits() {
    return this.offer.conditions.limits ?? {};
  }
}

import type { BasketLine, MediumKind, OfferConditions, OfferTerms } from '@couplet/contracts';
import { MEDIUM_KINDS } from '@couplet/contracts';
import { type AppliedCoupon, evaluate, OfferIndex } from '@couplet/promotion';
import {
  ineligibility,
  ineligibilityOnAnyDate,
  prepareConditions,
  type Conditions,
  type Presentation,
} from './eligibility.ts';
import { type OfferResult, OfferTally } from './offer-tally.ts';

export interface OfferToPreview {
  offerId: string;
  terms: OfferTerms;
  conditions: OfferConditions;
}

/** A basket as it was bought once. */
export interface PastBasket {
  atMs: number;
  storeId: string;
  timeZone?: string | undefined;
  purpose: string;
  /** Absent: somebody that no segment and no limit per holder knows. */
  holder?: { holderId: string; attributes: Readonly<Record<string, string>> } | undefined;
  /** Absent: any that an offer may ask for. */
  mediumKinds?: readonly MediumKind[] | undefined;
  currency: string;
  lines: readonly BasketLine[];
}

interface Previewed {
  offer: OfferToPreview;
  conditions: Conditions;
  tally: OfferTally;
}

/**
 * What offers would have done, if every holder had held one coupon of each at every basket: the best of them together,
 * as at a till, while their limits last. Baskets come in the order of their time.
 */
export class Preview {
  private readonly offers = new Map<string, Previewed>();
  private readonly byProduct = new OfferIndex<Previewed>();
  private readonly check: typeof ineligibility;

  /**
   * @param heedDates false: as if the window of every offer had been open, for offers to come and baskets that were
   * @throws RangeError on terms that cannot be priced
   */
  constructor(offers: readonly OfferToPreview[], { heedDates }: { heedDates: boolean }) {
    for (const offer of offers) {
      const conditions = prepareConditions(offer.conditions);
      const previewed = { offer, conditions, tally: new OfferTally(offer) };
      this.offers.set(offer.offerId, previewed);
      this.byProduct.put(offer.offerId, offer.terms, previewed);
    }
    this.check = heedDates ? ineligibility : ineligibilityOnAnyDate;
  }

  add(basket: PastBasket): void {
    const holderId = basket.holder?.holderId;
    let held = this.usableIn(basket);
    for (const { tally } of held) tally.touch();
    for (;;) {
      const uses = usesOf(basket, held);
      // As at the till: an offer that cannot pay for its use is left out, and the basket priced again without it.
      const spent = held.filter(({ offer, tally }) => {
        const use = uses.get(offer.offerId);
        return use !== undefined && !tally.canPay(use.discount, basket.atMs);
      });
      if (spent.length === 0) {
        for (const { offer, tally } of held) tally.count(uses.get(offer.offerId), holderId);
        return;
      }
      held = held.filter((each) => !spent.includes(each));
    }
  }

  /** In the order of the offers. */
  results(): OfferResult[] {
    return [...this.offers.values()].map(({ tally }) => tally.result());
  }

  private usableIn(basket: PastBasket): Previewed[] {
    const presentation = presentationOf(basket);
    const touched = this.byProduct.touching(basket);
    return touched.filter(
      ({ conditions, tally }) =>
        !this.check(conditions, presentation) && tally.allowsHolder(basket.holder?.holderId),
    );
  }
}

function usesOf(basket: PastBasket, held: readonly Previewed[]): Map<string, AppliedCoupon> {
  const coupons = held.map(({ offer: { offerId, terms } }) => ({ couponId: offerId, offerId, terms }));
  return new Map(evaluate(basket, coupons).applied.map((use) => [use.offerId, use]));
}

function presentationOf({ atMs, holder, mediumKinds, ...where }: PastBasket): Presentation {
  return {
    ...where,
    presentedAtMs: atMs,
    mediumKinds: new Set(mediumKinds ?? MEDIUM_KINDS),
    attributes: holder?.attributes ?? {},
  };
}

import type { BasketLine, MediumKind, OfferConditions, OfferTerms } from '@couplet/contracts';
import { MEDIUM_KINDS } from '@couplet/contracts';
import { evaluate } from '@couplet/promotion';
import {
  ineligibility,
  ineligibilityOnAnyDate,
  prepareConditions,
  type Conditions,
  type Presentation,
} from './eligibility.ts';
import { OfferTally } from './offer-tally.ts';

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

/**
 * What offers would have done, if every holder had held one coupon of each at every basket: the best of them together,
 * as at a till, while their limits last. Baskets come in the order of their time.
 */
export class Preview {
  private readonly offers: readonly { offer: OfferToPreview; conditions: Conditions; tally: OfferTally }[];
  private readonly check: typeof ineligibility;

  /** @param heedDates false: as if the window of every offer had been open, for offers to come and baskets that were */
  constructor(offers: readonly OfferToPreview[], { heedDates }: { heedDates: boolean }) {
    this.offers = offers.map((offer) => ({
      offer,
      conditions: prepareConditions(offer.conditions),
      tally: new OfferTally(offer),
    }));
    this.check = heedDates ? ineligibility : ineligibilityOnAnyDate;
  }

  add(basket: PastBasket): void {
    const presentation = presentationOf(basket);
    let held = this.offers.filter(
      ({ conditions, tally }) =>
        !this.check(conditions, presentation) && tally.allowsHolder(basket.holder?.holderId),
    );
    for (const { offer, tally } of held) if (touches(basket, offer)) tally.touch();
    // An offer that cannot pay for its use is left out, and the basket priced again without it: as at the till.
    for (;;) {
      const { applied } = evaluate(
        basket,
        held.map(({ offer: { offerId, terms } }) => ({ couponId: offerId, offerId, terms })),
      );
      const uses = new Map(applied.map((use) => [use.offerId, use]));
      const spent = held.filter(({ offer, tally }) => {
        const use = uses.get(offer.offerId);
        return use !== undefined && !tally.canPay(use.discount, basket.atMs);
      });
      if (spent.length === 0) {
        for (const { offer, tally } of held) tally.count(uses.get(offer.offerId), basket.holder?.holderId);
        return;
      }
      held = held.filter((each) => !spent.includes(each));
    }
  }

  /** In the order of the offers. */
  results(): ReturnType<OfferTally['result']>[] {
    return this.offers.map(({ tally }) => tally.result());
  }
}

function presentationOf({ atMs, holder, mediumKinds, ...where }: PastBasket): Presentation {
  return {
    ...where,
    presentedAtMs: atMs,
    mediumKinds: new Set(mediumKinds ?? MEDIUM_KINDS),
    attributes: holder?.attributes ?? {},
  };
}

function touches({ lines }: PastBasket, { terms }: OfferToPreview): boolean {
  return lines.some(({ productId }) =>
    terms.requires.some(({ productIds }) => productIds.includes(productId)),
  );
}

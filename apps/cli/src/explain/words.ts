import type { Ineligibility } from '@couplet/offers';
import type { Benefit, LineReason, RefusalReason } from '@couplet/promotion';

/** Why an offer does not apply, for people. */
export const WHY_REFUSED: Readonly<Record<RefusalReason | Ineligibility, string>> = {
  'currency-differs': 'it is of another currency',
  'required-products-missing': 'no product that it requires is in the basket',
  'required-quantity-missing': 'too little of what it requires is in the basket',
  'not-discountable': 'what it requires takes no discount',
  'condition-not-met': 'a condition on the basket is not met',
  'nothing-left-to-discount': 'there is nothing left that it could take off',
  'beaten-by-better-coupon': 'other offers use the same pieces and save more together',
  'excluded-by-other-offer': 'another offer applies instead of it, not beside it',
  'campaign-budget-exceeded': 'its budget does not suffice',
  'automatic-prevented': 'offers without a code are switched off',
  'overridden-by-manual': 'a discount by hand stands instead of it',
  'not-valid-then': 'it is not valid at that time',
  'store-time-zone-unknown':
    "the time zone of the store is not known, and the offer runs by the store's clock",
  'purpose-differs': 'it is for another purpose',
  'store-differs': 'it is not for this store',
  'medium-kind-differs': 'it is for other kinds of card',
  'holder-not-in-segment': 'the holder is not among those it is for',
};

/** Why a line carries nothing of an offer, for people. */
export const WHY_NOT_LINE: Readonly<Record<LineReason, string>> = {
  'not-discountable': 'takes no discount',
  'not-in-offer': 'is not in the offer',
  'offer-not-applied': 'the offer does not apply',
  'serves-other-coupon': 'serves another offer',
  'at-its-floor': 'costs no more than it must',
  'not-needed': 'is not needed: the offer is on other pieces',
};

export function benefitInWords(benefit: Benefit): string {
  switch (benefit.kind) {
    case 'gift':
      return `${benefit.quantity} of ${benefit.productId} as a gift`;
    case 'points':
      return `${benefit.points} points of ${benefit.scheme}`;
    case 'upgrade':
      return `an upgrade to ${benefit.to}`;
    case 'ticket':
      return `a ticket to ${benefit.event} for ${benefit.admits}`;
  }
}

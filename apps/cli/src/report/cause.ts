import type { RefusalReason } from '@couplet/promotion';
import { equal, isZero, sumOf, type Amounts } from './amounts.ts';

/** Why a recorded and a computed discount differ; the rules are tried in the order of {@link causeOf}. */
export type Cause =
  /** No value stands in the code of the coupon, and no option gave one. */
  | 'value-not-encoded'
  | 'settlement-not-approved'
  /** The coupon search was late or unavailable, so the sale went on without coupons. */
  | 'coupon-search-missed'
  /** The sampled lines of the basket hold fewer pieces than the coupon asks for. */
  | 'purchase-requirement-not-in-sample'
  /** The engine refuses the coupon on this basket for another reason, named in the suffix. */
  | `not-applied-${RefusalReason}`
  /** The line records several coupons at once, this one among them. */
  | 'two-coupons-on-one-line'
  /** Several redemptions match the line, and what it records is another one's. */
  | 'line-records-another-redemption'
  /** Nothing was left of the coupon: an earlier receipt of the replay had used it. */
  | 'used-on-an-earlier-receipt'
  /** The coupon applies alone, but others of the household saved more on the same pieces. */
  | 'another-coupon-applied'
  /** The till recorded another amount than the code of the coupon gives. */
  | 'recorded-not-the-encoded-value'
  | 'unexplained';

/** What is known about one matched redemption. */
export interface Evidence {
  recorded: Amounts;
  computed: Amounts;
  answered: 'approved' | 'not-approved' | 'search-missed';
  /** The coupon alone on the sampled basket; undefined when its value is not known. */
  alone: { applied: Amounts } | { refused: RefusalReason } | undefined;
  /** What the other redemptions matched to this line would give alone. */
  rivals: readonly Amounts[];
  usedEarlier: boolean;
  /** Other coupons took pieces of the line in the replay. */
  othersOnLine: boolean;
}

/** @returns undefined when both sides agree to the cent */
export function causeOf(evidence: Evidence): Cause | undefined {
  const { recorded, computed, answered, alone, rivals } = evidence;
  if (equal(recorded, computed)) return undefined;
  if (!alone) return 'value-not-encoded';
  if (answered === 'not-approved') return 'settlement-not-approved';
  if (answered === 'search-missed') return 'coupon-search-missed';
  if ('refused' in alone) {
    return alone.refused === 'required-quantity-missing'
      ? 'purchase-requirement-not-in-sample'
      : `not-applied-${alone.refused}`;
  }
  if (recordsSeveral(recorded, alone.applied, rivals)) return 'two-coupons-on-one-line';
  if (rivals.some((rival) => equal(rival, recorded)) && isZero(computed))
    return 'line-records-another-redemption';
  if (!equal(alone.applied, recorded)) return 'recorded-not-the-encoded-value';
  if (isZero(computed) && evidence.usedEarlier) return 'used-on-an-earlier-receipt';
  if (isZero(computed) && evidence.othersOnLine) return 'another-coupon-applied';
  return 'unexplained';
}

/** The line carries this coupon and its rivals together, or this coupon more than once. */
function recordsSeveral(recorded: Amounts, alone: Amounts, rivals: readonly Amounts[]): boolean {
  if (rivals.length > 0 && equal(recorded, sumOf([alone, ...rivals]))) return true;
  return [2, 3, 4].some((times) => equal(recorded, sumOf(Array<Amounts>(times).fill(alone))));
}

import { refund as give, type Refundable, type Refund as Given } from '@couplet/promotion';
import {
  amountDueOf,
  cardAmountOf,
  hasComeBack,
  refundedOnCard,
  type Grant,
  type Refund,
  type Settlement,
} from './settlement.ts';
import { isCredit } from './statement-credit.ts';

/** What a refund may ask for: parts of lines, or everything that is left. */
export interface ReturnRequest {
  readonly refundId: string;
  readonly lines?: readonly { readonly lineId: string; readonly quantity?: string | undefined }[];
}

/** Whether a coupon goes back to its holder when all that it discounted came back. */
export type CouponReturn = 'with-its-lines' | 'never';

/** What one attempt gives back, and what those who paid for the discounts of it get back. */
export interface Return {
  readonly refund: Refund;
  readonly discounts: Given['coupons'];
}

export type PlannedRefund =
  | ({ readonly kind: 'refund' } & Return)
  | { readonly kind: 'refused'; readonly reason: RefundRefusal; readonly lineId?: string };
export type RefundRefusal =
  'nothing-left' | 'no-lines' | 'line-unknown' | 'line-twice' | 'quantity-invalid' | 'more-than-is-left';

/**
 * What comes back of a confirmed sale, at exactly the price at which it was sold. The card is paid back first; what is
 * above that, `spread` shares among the cards that paid what was due.
 */
export function planRefund(
  settlement: Settlement,
  asked: ReturnRequest,
  policy: CouponReturn,
): PlannedRefund {
  const { grant } = settlement;
  if (!grant) throw new Error(`settlement ${settlement.settlementId} is refunded without a grant`);
  if (grant.lines.length === 0) {
    if (asked.lines) return { kind: 'refused', reason: 'no-lines' };
    if (isGivenBack(settlement)) return { kind: 'refused', reason: 'nothing-left' };
    const coupons = carriedBy(settlement);
    return planned(settlement, asked, { amount: leftToGive(settlement), lines: [], coupons }, [], policy);
  }
  const before = leftOf(settlement);
  if (before.lines.length === 0) return { kind: 'refused', reason: 'nothing-left' };
  const outcome = give(before, asked.lines ?? before.lines.map(({ lineId }) => ({ lineId })));
  if ('refused' in outcome) return { kind: 'refused', reason: outcome.refused, lineId: outcome.lineId };
  return planned(settlement, asked, outcome.refund, outcome.left.lines, policy);
}

/**
 * Shares a refund among the cards that paid a sale: the first card is paid back first, then that of the attempt that
 * continued it, and so on; what no card paid is given by hand. An attempt gives at most what it was granted, so all of
 * them together give what the lines carried, and none is given twice.
 *
 * @param others attempts that continue the sale, in their order, all confirmed
 * @param newId the network tells requests apart by it: one for each card
 * @returns what each of them gives, that of the first attempt before the others
 */
export function spread(
  { refund, discounts }: Return,
  others: readonly Settlement[],
  newId: () => string,
): [first: Return, ...others: Return[]] {
  let rest = refund.amount - refund.cardAmount;
  const parts = others.map((attempt) => {
    const part = partOf(refund.refundId, attempt, rest, newId());
    rest -= part.cardAmount;
    return { attemptId: attempt.attemptId, part };
  });
  const otherCards = parts
    .map(({ attemptId, part: { cardAmount } }) => ({ attemptId, cardAmount }))
    .filter(({ cardAmount }) => cardAmount > 0n);
  const first = otherCards.length > 0 ? { ...refund, otherCards } : refund;
  return [{ refund: first, discounts }, ...parts.map(({ part }) => ({ refund: part, discounts: [] }))];
}

function partOf(refundId: string, attempt: Settlement, rest: bigint, requestId: string): Refund {
  const amount = least(rest, leftToGive(attempt));
  const cardAmount = least(amount, leftOnCard(attempt));
  const state = cardAmount > 0n ? 'due' : 'done';
  return { refundId, requestId, amount, cardAmount, lines: [], couponIds: [], state };
}

/**
 * What a cancel gives back: all that is left, by the settlement's own id, so that there is one. What this attempt left due
 * is not of it: another card that paid that is given it back by its own attempt, which ends with this one.
 *
 * @returns undefined when nothing is left
 */
export function planRest(settlement: Settlement): Refund | undefined {
  const left = planRefund(settlement, { refundId: settlement.settlementId }, 'never');
  if (left.kind === 'refused') return undefined;
  const { amount, cardAmount } = left.refund;
  const own = amountDueOf(settlement) > 0n ? cardAmount : amount;
  return own > 0n ? { ...left.refund, amount: own } : undefined;
}

function planned(
  settlement: Settlement,
  { refundId }: ReturnRequest,
  { amount, lines, coupons: discounts }: Given,
  left: Refundable['lines'],
  policy: CouponReturn,
): PlannedRefund {
  const cardAmount = least(amount, leftOnCard(settlement));
  const couponIds = policy === 'never' ? [] : couponsGoingBack(settlement, left);
  const state = cardAmount > 0n ? 'due' : 'done';
  return { kind: 'refund', refund: { refundId, amount, cardAmount, lines, couponIds, state }, discounts };
}

/** A sale without lines comes back whole; what continues another comes back with it, part after part. */
const isGivenBack = (settlement: Settlement): boolean =>
  settlement.terms?.continues === undefined && hasComeBack(settlement);

/** Of what was granted. */
const leftToGive = ({ grant, refunds }: Settlement): bigint =>
  refunds.reduce((left, { amount }) => left - amount, grant?.amount ?? 0n);

/** A person may have moved the card network below what was given back. */
function leftOnCard(settlement: Settlement): bigint {
  const left = cardAmountOf(settlement) - refundedOnCard(settlement);
  return left > 0n ? left : 0n;
}

const least = (one: bigint, other: bigint): bigint => (one < other ? one : other);

/** What the sale still carries after every refund before. */
function leftOf(settlement: Settlement): Refundable {
  const { grant, refunds } = settlement;
  const sold: Refundable = { lines: grant?.lines ?? [], coupons: carriedBy(settlement) };
  return refunds.reduce((left, { lines }) => {
    const outcome = give(left, lines);
    if ('refused' in outcome) throw new Error(`a journalled refund does not fit: ${outcome.refused}`);
    return outcome.left;
  }, sold);
}

/** Coupons of which nothing stays sold; a coupon that touched no line goes back with the last line. */
function couponsGoingBack({ grant, refunds }: Settlement, left: Refundable['lines']): string[] {
  const staying = new Set(left.map(({ lineId }) => lineId));
  const before = new Set(refunds.flatMap(({ couponIds }) => couponIds));
  const mayGo = ({ lines }: Grant['coupons'][number]) =>
    lines.length === 0 ? staying.size === 0 : lines.every(({ lineId }) => !staying.has(lineId));
  const going = (grant?.coupons ?? []).filter((coupon) => mayGo(coupon) && !before.has(coupon.couponId));
  return going.map(({ couponId }) => couponId);
}

/** Discounts that the sale carries: what the till took off, and what was credited since; a credit that came to nothing, none. */
function carriedBy({ grant, refunds }: Settlement): Given['coupons'] {
  const atTheTill = (grant?.coupons ?? [])
    .filter((coupon) => coupon.discount > 0n && !isCredit(coupon))
    .map(({ couponId, lines, funding }) => ({ couponId, lines, funding }));
  const since = refunds.flatMap(({ state, lateDiscounts = [] }) =>
    state === 'not-needed' ? [] : lateDiscounts,
  );
  return [...atTheTill, ...since];
}

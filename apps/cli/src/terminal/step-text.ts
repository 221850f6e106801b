import { RefundSaleV1 } from '@couplet/contracts';
import { inMajorUnits } from './money.ts';
import { printable } from './receipt-rows.ts';
import type { FoundCoupon, Step } from './steps.ts';

/**
 * A step for the person at the terminal.
 *
 * @param currency of what does not name its own
 * @returns undefined when there is nothing to say of it
 */
export function stepText(step: Step, currency: string): string | undefined {
  switch (step.step) {
    case 'sent':
      return `Asking${step.tender ? ` for ${step.tender}` : ''} ...`;
    case 'waiting':
      return `  no answer to ${step.verb} yet, asking again (${step.tries})`;
    case 'approved': {
      const { currency, originalAmount, discount, amount, credit = 0n, authorization } = step.reply;
      const saved =
        discount > 0n
          ? ` (${inMajorUnits(originalAmount, currency)} less coupons of ${inMajorUnits(discount, currency)})`
          : '';
      const standIn = authorization?.standIn ? ', by the network for an absent issuer' : '';
      return `Approved: ${currency} ${inMajorUnits(amount, currency)}${saved}${later(credit, currency)}${standIn}`;
    }
    case 'declined':
      return `Declined: ${step.reason}`;
    case 'refused':
      return `Refused ${step.verb}: ${step.code}: ${step.detail}`;
    case 'due':
      return `Still due: ${step.currency} ${inMajorUnits(step.amount, step.currency)}, ${BY[step.by]}`;
    case 'decided':
      return undefined;
    case 'approved-offline':
      return `Approved offline: ${step.currency} ${inMajorUnits(step.amount, step.currency)}; the relay is told when it can be reached`;
    case 'receipt':
      return step.text;
    case 'coupons':
      return step.coupons.map(couponText).join('\n') || 'There is no coupon.';
    case 'printed':
      return `Printed: ${printable(step.coupon.title)}, good until ${step.validTo.slice(0, 10)}`;
    case 'valid':
      return validText(step);
    case 'invalid':
      return `Not valid: ${step.reason}`;
    case 'answered':
      return step.verb === 'refund'
        ? paidBack(step.reply, currency)
        : `The relay knows of the offline sale ${step.saleId}.`;
    case 'ended':
      return ENDED[step.outcome];
  }
}

function couponText({ couponId, title, currency, amountMax, settledBy, validTo }: FoundCoupon): string {
  const worth = amountMax === undefined ? '' : `, at most ${currency} ${inMajorUnits(amountMax, currency)}`;
  const credited = settledBy === 'statement-credit' ? ', credited later' : '';
  return `${couponId}  ${printable(title)}${worth}${credited}, until ${validTo.slice(0, 10)}`;
}

function validText({ originalAmount, reply }: Extract<Step, { step: 'valid' }>): string {
  const { currency, discount, credit } = reply;
  const price = (amount: bigint) => inMajorUnits(amount, currency);
  const saved = discount > 0n ? ` (${price(originalAmount)} less coupons of ${price(discount)})` : '';
  return `Valid: ${currency} ${price(originalAmount - discount)} to pay${saved}${later(credit, currency)}`;
}

const later = (credit: bigint, currency: string): string =>
  credit > 0n ? `, ${inMajorUnits(credit, currency)} credited later` : '';

function paidBack(reply: unknown, currency: string): string {
  const { amount, cardAmount, otherCards = [] } = RefundSaleV1.reply.parse(reply);
  const onCards = otherCards.reduce((sum, other) => sum + other.cardAmount, cardAmount);
  return `Paid back: ${currency} ${inMajorUnits(amount, currency)}, of it ${inMajorUnits(onCards, currency)} on cards`;
}

const BY = {
  card: 'asking the next card',
  cash: 'to be paid in cash',
  nobody: 'and nobody pays it',
} as const;

const ENDED = {
  sold: 'Sold: the goods may leave.',
  'approved-offline': 'Sold: the goods may leave.',
  declined: 'Not sold.',
  voided: 'Voided: nothing is charged.',
  cancelled: 'Cancelled: nothing is charged.',
  refused: 'Not sold.',
  open: 'Not known to be over. Nothing may leave; run "couplet terminal resume".',
  unreachable: 'Nobody was reached and nothing was sent.',
} as const;

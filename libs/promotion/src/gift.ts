import { sum } from './allocate.ts';
import type { Basket } from './basket.ts';
import type { RunningLine } from './lines/running-line.ts';
import type { AppliedCoupon, Coupon, RefusalReason } from './evaluation.ts';
import { fundingOf } from './funding.ts';
import { prepareOffer } from './prepare.ts';

/** What a coupon gives on one line, by position in the basket: `face` is borne by the parties of the offer, `match` by the store. */
export interface LineGift {
  line: number;
  face: bigint;
  match: bigint;
}

/** What came of one coupon: what it gives, or why it gives nothing. Gifts of one line add up. */
export type Outcome = LineGift[] | RefusalReason;

export function giftTotal(gifts: readonly LineGift[]): bigint {
  return sum(gifts.map(({ face, match }) => face + match));
}

/** Takes gifts off the lines; -1 puts them back. */
export function book(
  gifts: readonly LineGift[],
  lines: readonly RunningLine[],
  direction: 1n | -1n = 1n,
): void {
  for (const { line, face, match } of gifts) lines[line]!.discount += direction * (face + match);
}

/** The form in which an applied coupon is told. */
export function appliedCoupon(
  { couponId, offerId, terms }: Coupon,
  gifts: readonly LineGift[],
  basket: Basket,
): AppliedCoupon {
  const byLine = new Map<number, bigint>();
  for (const { line, face, match } of gifts) byLine.set(line, (byLine.get(line) ?? 0n) + face + match);
  const face = sum(gifts.map((gift) => gift.face));
  const match = sum(gifts.map((gift) => gift.match));
  const { benefit } = prepareOffer(terms);
  return {
    couponId,
    offerId,
    discount: face + match,
    lines: [...byLine]
      .filter(([, discount]) => discount > 0n)
      .sort(([a], [b]) => a - b)
      .map(([line, discount]) => ({ lineId: basket.lines[line]!.lineId, discount })),
    funding: fundingOf(terms, face, match),
    ...(benefit && { benefit }),
  };
}

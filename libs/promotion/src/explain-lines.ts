import type { Basket, BasketLine } from './basket.ts';
import type { Coupon, Evaluation, RefusalReason } from './evaluation.ts';
import { onTarget, startLine } from './lines/running-line.ts';
import { prepareOffer } from './prepare.ts';
import { isSelected } from './selection.ts';

export type LineReason =
  /** The line takes no discount from anybody. */
  | 'not-discountable'
  /** The offer is not for this product, price or kind of line. */
  | 'not-in-offer'
  /** The offer does not apply at all; its own reason says why. */
  | 'offer-not-applied'
  /** Other coupons carry what there is to take. */
  | 'serves-other-coupon'
  /** It costs no more than it must. */
  | 'at-its-floor'
  /** The offer takes or discounts other pieces. */
  | 'not-needed';

/** Why a line carries nothing of a coupon. */
export interface LineExplanation {
  couponId: string;
  lineId: string;
  reason: LineReason;
}

/** For every coupon, and every line that it takes nothing off: why. In the order of the coupons, then of the lines. */
export function explainLines(
  basket: Basket,
  coupons: readonly Coupon[],
  { applied, refused }: Evaluation,
): LineExplanation[] {
  const discounts = new Map<string, bigint>();
  for (const { lineId, discount } of applied.flatMap(({ lines }) => lines)) {
    discounts.set(lineId, (discounts.get(lineId) ?? 0n) + discount);
  }
  return coupons.flatMap((coupon) => {
    const given = applied.find(({ couponId }) => couponId === coupon.couponId);
    const refusal = refused.find(({ couponId }) => couponId === coupon.couponId)?.reason;
    const carrying = new Set(given?.lines.map(({ lineId }) => lineId));
    return basket.lines
      .filter(({ lineId }) => !carrying.has(lineId))
      .map((line) => ({
        couponId: coupon.couponId,
        lineId: line.lineId,
        reason: reasonOf(line, coupon, refusal, discounts.get(line.lineId) ?? 0n),
      }));
  });
}

function reasonOf(
  line: BasketLine,
  coupon: Coupon,
  refusal: RefusalReason | undefined,
  discount: bigint,
): LineReason {
  if (!line.discountable) return 'not-discountable';
  if (!isInOffer(line, coupon)) return 'not-in-offer';
  const floor = line.amountMin ?? 0n;
  if (line.amount <= floor) return 'at-its-floor';
  if (discount > 0n && (refusal === 'beaten-by-better-coupon' || line.amount - discount <= floor)) {
    return 'serves-other-coupon';
  }
  return refusal ? 'offer-not-applied' : 'not-needed';
}

function isInOffer(line: BasketLine, { terms }: Coupon): boolean {
  const { requires, onLines, onPieces } = prepareOffer(terms);
  const isRequired =
    requires.some(({ products }) => products.has(line.productId)) && line.kind !== 'delivery';
  if (isRequired && (onPieces.length > 0 || onLines.length === 0)) return true;
  return onLines.some((reward) => {
    if (reward.kind === 'buy-get') return isSelected(line, reward.buy) || isSelected(line, reward.get);
    return onTarget([startLine(line, 0)], reward.on.target).length > 0 && isSelected(line, reward.on.select);
  });
}

import type { BasketLine } from '../basket.ts';
import type { Contender } from '../contender.ts';
import type { Dialect } from '../dialect.ts';
import { isSelected } from '../selection.ts';

/** Whether a cashier's discount on the order stands instead of this one. */
export function isReplaced(
  contender: Contender,
  manual: readonly Contender[],
  { manualOrder }: Dialect,
): boolean {
  return (
    manualOrder === 'replaces-order-discounts' &&
    contender.coupon.trigger !== 'manual' &&
    isOnOrder(contender) &&
    manual.some(isOnOrder)
  );
}

/** Whether a cashier's discount on this line stands instead of the catalogue's. */
export function isClaimed(
  line: BasketLine,
  { coupon }: Contender,
  manual: readonly Contender[],
  { manualLine }: Dialect,
): boolean {
  if (manualLine !== 'replaces-catalogue' || !coupon.catalogue || line.kind === 'delivery') return false;
  return manual.some(({ offer }) =>
    offer.onLines.some(
      (reward) =>
        reward.kind !== 'buy-get' && reward.on.target === 'lines' && isSelected(line, reward.on.select),
    ),
  );
}

function isOnOrder({ offer }: Contender): boolean {
  return offer.onLines.some((reward) => reward.kind !== 'buy-get' && reward.on.target.startsWith('order'));
}

import { dependsOnDiscounts } from './conditions.ts';
import type { Rules } from './rules.ts';
import type { Turn } from './turns.ts';

/**
 * Whether the best of every turn is the best of all together.
 *
 * It is where at most one turn has a choice, and what follows that one looks only at the sum that is left: an
 * offer on the whole order takes a part or an amount of it, which never grows by more than what it grows on.
 */
export function isSeparable(turns: readonly Turn[], rules: Rules): boolean {
  const choice = turns.findIndex(({ kind }) => kind === 'pieces');
  if (choice < 0) return turns.length < 2 || turns.every((turn) => isSteady(turn));
  return turns.every(
    (turn, at) => at === choice || (isSteady(turn) && (at < choice || isOnSum(turn, rules))),
  );
}

/** Whether it never gives more than one minor unit more for each that it gets to work on. */
function isSteady({ kind, contenders }: Turn): boolean {
  return (
    kind === 'lines' &&
    contenders.every(
      ({ offer, coupon }) =>
        !coupon.budget &&
        !offer.terms.conditions?.some(dependsOnDiscounts) &&
        offer.onLines.every(({ kind: reward }) => reward !== 'buy-get'),
    )
  );
}

function isOnSum({ contenders }: Turn, { dialect }: Rules): boolean {
  return contenders.every(({ offer }) =>
    offer.onLines.every(
      (reward) =>
        reward.kind !== 'buy-get' &&
        reward.on.target.startsWith('order') &&
        reward.on.allocation === 'across' &&
        !reward.on.select &&
        reward.on.quantityMax === undefined &&
        (reward.kind === 'amount-off' || dialect.orderPercentRoundedPer === 'total'),
    ),
  );
}

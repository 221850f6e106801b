import type { OfferTerms } from '@couplet/contracts';
import type { BasketRequest } from './reservation-plan.ts';

/** What the engine prices of a request. */
type Basket = Pick<BasketRequest, 'currency' | 'lines'>;

/** A sale that is not told by its lines, as one line of its amount; no product has its name. */
export function asOneLine({ currency, amount }: BasketRequest): Basket {
  const line = { lineId: '', productId: '', quantity: '1', unit: 'each', amount, discountable: true };
  return { currency, lines: [line] };
}

/** Whether only the lines of a basket can tell that an offer applies, or what it gives. */
export function needsLines({ requires, conditions = [], reward }: OfferTerms): boolean {
  const rewards = reward.kind === 'several' ? reward.rewards : [reward];
  return (
    requires.length > 0 ||
    conditions.some((condition) => condition.kind !== 'min-subtotal' || condition.select !== undefined) ||
    rewards.some(isOnSomeLines)
  );
}

function isOnSomeLines(reward: Exclude<OfferTerms['reward'], { kind: 'several' }>): boolean {
  switch (reward.kind) {
    case 'benefit':
      return false;
    case 'amount-off':
    case 'percent-off': {
      const { on } = reward;
      return (
        on !== undefined &&
        !(on.kind === 'lines' && on.target.startsWith('order') && on.allocation === 'across' && !on.select)
      );
    }
    case 'free-item':
    case 'fixed-price':
      return true;
  }
}

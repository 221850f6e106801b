import type { Basket } from './basket.ts';
import { holds } from './conditions.ts';
import type { Contender } from './contender.ts';
import type { Coupon, RefusalReason } from './evaluation.ts';
import type { RunningLine } from './lines/running-line.ts';
import { prepareOffer } from './prepare.ts';
import type { BasketIndex } from './qualify.ts';
import { qualify } from './qualify.ts';
import type { Rules } from './rules.ts';

/** Whether a coupon may take part at all, before anything is priced. */
export function screen(
  coupon: Coupon,
  basket: Basket,
  index: BasketIndex,
  lines: readonly RunningLine[],
  { context }: Rules,
): Contender | RefusalReason {
  const offer = prepareOffer(coupon.terms);
  if (offer.terms.currency !== basket.currency) return 'currency-differs';
  const matches = qualify(offer, index);
  if (typeof matches === 'string') return matches;
  if (coupon.trigger === 'automatic' && context.preventAutomatic) return 'automatic-prevented';
  if (coupon.budget && coupon.budget.used >= coupon.budget.limit) return 'campaign-budget-exceeded';
  const conditions = offer.terms.conditions ?? [];
  if (!conditions.every((condition) => holds(condition, lines, context))) return 'condition-not-met';
  return { coupon, offer, matches };
}

import type { Budget, Condition, Coupon, LineScope, MoneyOff, Selection } from '@couplet/promotion';
import { percentBps, type Units } from './amounts.ts';
import { couponOf } from './neutral-offer.ts';
import { NotExpressible } from './outcome.ts';
import type { CaseCondition, CaseEffect, CasePromotion, Select } from './pricing-schema.ts';

/** A promotion of the neutral schema as an offer of the engine. */
export function promotionOf(promotion: CasePromotion, units: Units): Coupon {
  const { id, trigger, stage, priority, exclusive, conditions, effects, limits } = promotion;
  return {
    ...couponOf(id, {
      conditions: conditions.map((condition) => conditionOf(condition, units)),
      reward: { kind: 'several', rewards: effects.map((effect) => rewardOf(effect, units)) },
      stacking: { priority, exclusive },
    }),
    trigger,
    catalogue: stage === 'catalogue',
    budget: limits?.campaign_budget && budgetOf(limits.campaign_budget, units),
  };
}

function budgetOf(
  { type: kind, limit, used }: { type: Budget['kind']; limit: unknown; used: unknown },
  units: Units,
): Budget {
  // A count of uses has no minor units.
  const read = (value: unknown) => (kind === 'spend' ? units.amount(value) : BigInt(String(value)));
  return { kind, limit: read(limit), used: read(used) };
}

function conditionOf(condition: CaseCondition, units: Units): Condition {
  switch (condition.type) {
    case 'min_subtotal':
      return {
        kind: 'min-subtotal',
        amount: units.amount(condition.amount),
        basis: condition.basis,
        evaluated: condition.evaluated === 'after_earlier_promotions' ? 'after-earlier' : 'before',
      };
    case 'min_quantity':
      return { kind: 'min-quantity', quantity: condition.quantity, select: selectionOf(condition, units) };
    case 'any_line_quantity_at_least':
      return { kind: 'any-line-quantity', quantity: condition.quantity };
    case 'contains_any_tag':
      return { kind: 'contains', select: { tags: condition.tags } };
    case 'customer_group':
      return { kind: 'customer-group', groups: condition.in };
    case 'nth_order':
      return { kind: 'nth-order', n: condition.n };
  }
}

function rewardOf(effect: CaseEffect, units: Units): MoneyOff {
  if (effect.method === 'buy_get') {
    if (!effect.buy || !effect.get) throw new NotExpressible('buy_get without buy or get');
    return {
      kind: 'buy-get',
      rateBps: percentBps(effect.value),
      buy: selectionOf(effect.buy.select ?? {}, units),
      buyQuantity: effect.buy.min_quantity,
      get: selectionOf(effect.get.select ?? {}, units),
      getQuantity: effect.get.quantity,
    };
  }
  const on: LineScope = {
    kind: 'lines',
    target: TARGETS[effect.target],
    allocation: ALLOCATIONS[effect.allocation ?? (effect.target.startsWith('order') ? 'across' : 'each')],
    select: selectionOf(effect.select ?? {}, units),
    quantityMax: effect.max_quantity,
  };
  return effect.method === 'percent'
    ? { kind: 'percent-off', rateBps: percentBps(effect.value), on }
    : { kind: 'amount-off', amount: units.amount(effect.value), on };
}

const TARGETS = {
  lines: 'lines',
  order: 'order',
  shipping: 'delivery',
  order_and_shipping: 'order-and-delivery',
} as const;

const ALLOCATIONS = {
  each: 'each',
  each_line: 'each-line',
  each_unit: 'each-unit',
  across: 'across',
  once: 'once',
} as const;

function selectionOf(select: Select, units: Units): Selection {
  const priceMin = select.min_unit_price ?? select.unit_price_equals;
  const priceMax = select.max_unit_price ?? select.unit_price_equals;
  return {
    tags: select.tags,
    lineIds: select.ids ?? select.skus,
    unitPriceMin: priceMin === undefined ? undefined : units.amount(priceMin),
    unitPriceMax: priceMax === undefined ? undefined : units.amount(priceMax),
  };
}

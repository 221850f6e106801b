import {
  priceByRules,
  split,
  type Charge,
  type Condition,
  type Effect,
  type PricingRule,
  type Selection,
} from '@couplet/promotion';
import { z } from 'zod';
import { percentRatio, Units } from './amounts.ts';
import type { CheckCase } from './case-file.ts';
import { dialectOf } from './dialects.ts';
import { NotExpressible, type Check } from './outcome.ts';
import { checkPricing } from './pricing-expected.ts';
import {
  PricingGiven,
  type CaseCondition,
  type CaseEffect,
  type CasePromotion,
  type Select,
} from './pricing-schema.ts';

export function runPricing(checkCase: CheckCase): Check[] {
  const parsed = PricingGiven.safeParse(checkCase);
  if (!parsed.success) throw new NotExpressible(z.prettifyError(parsed.error).replaceAll('\n', ' '));
  const { basket, tax, context, promotions } = parsed.data;
  const units = new Units(checkCase.unit ?? 'major');
  const dialect = dialectOf(checkCase);
  const rateOf = (own: unknown) =>
    percentRatio(own ?? (/^\d/.test(String(tax?.rate_percent)) ? tax?.rate_percent : 0));
  const charges: Charge[] = [
    ...basket.lines.map((line) => ({
      chargeId: line.id,
      target: 'line' as const,
      quantity: line.quantity,
      unitPrice: units.ratio(line.unit_price),
      tags: line.tags,
      taxRate: rateOf(line.tax_rate_percent),
      ...(line.min_unit_price !== undefined && { unitPriceMin: units.amount(line.min_unit_price) }),
    })),
    ...basket.shipping.map((shipping) => ({
      chargeId: shipping.id,
      target: 'shipping' as const,
      quantity: 1,
      unitPrice: units.ratio(shipping.price),
      tags: [],
      taxRate: rateOf(shipping.tax_rate_percent),
    })),
  ];
  const priced = priceByRules(
    charges,
    promotions.map((promotion) => ruleOf(promotion, units)),
    {
      customerGroups: context.customer_groups,
      completedOrders: context.completed_orders,
      preventAutomatic: context.prevent_automatic,
      pricesIncludeTax: tax?.prices_include_tax ?? false,
    },
    dialect,
  );
  const perUnit = (chargeId: string, discount: bigint) => {
    const { quantity } = charges.find((charge) => charge.chargeId === chargeId)!;
    return split(discount, Array<bigint>(quantity).fill(1n), dialect);
  };
  return checkPricing(checkCase.expected, priced, units, perUnit);
}

function ruleOf(promotion: CasePromotion, units: Units): PricingRule {
  const budget = promotion.limits?.campaign_budget;
  const count = (value: unknown) => (budget?.type === 'spend' ? units.amount(value) : BigInt(String(value)));
  return {
    ruleId: promotion.id,
    priority: promotion.priority,
    exclusive: promotion.exclusive,
    trigger: promotion.trigger,
    catalogue: promotion.stage === 'catalogue',
    conditions: promotion.conditions.map((condition) => conditionOf(condition, units)),
    effects: promotion.effects.map((effect) => effectOf(effect, units)),
    ...(budget && { budget: { kind: budget.type, limit: count(budget.limit), used: count(budget.used) } }),
  };
}

function conditionOf(condition: CaseCondition, units: Units): Condition {
  switch (condition.type) {
    case 'min_subtotal':
      return {
        kind: 'min-subtotal',
        amount: units.amount(condition.amount),
        basis: condition.basis ?? 'listed',
        evaluated: condition.evaluated === 'after_earlier_promotions' ? 'after-earlier' : 'before',
      };
    case 'min_quantity':
      return { kind: 'min-quantity', quantity: condition.quantity, select: selectionOf(condition, units) };
    case 'any_line_quantity_at_least':
      return { kind: 'any-line-quantity', quantity: condition.quantity };
    case 'contains_any_tag':
      return { kind: 'contains-any-tag', tags: condition.tags };
    case 'customer_group':
      return { kind: 'customer-group', groups: condition.in };
    case 'nth_order':
      return { kind: 'nth-order', n: condition.n };
  }
}

function effectOf(effect: CaseEffect, units: Units): Effect {
  if (effect.method === 'buy_get') {
    if (!effect.buy || !effect.get) throw new NotExpressible('buy_get without buy or get');
    return {
      kind: 'buy-get',
      rate: percentRatio(effect.value),
      buy: selectionOf(effect.buy.select ?? {}, units),
      buyQuantity: effect.buy.min_quantity,
      get: selectionOf(effect.get.select ?? {}, units),
      getQuantity: effect.get.quantity,
    };
  }
  const ofOrder = effect.target.startsWith('order');
  const places = {
    target: effect.target.replaceAll('_', '-') as 'lines',
    allocation: (effect.allocation ?? (ofOrder ? 'across' : 'each')).replace('_', '-') as 'each',
    select: selectionOf(effect.select ?? {}, units),
    ...(effect.max_quantity !== undefined && { quantityMax: effect.max_quantity }),
  };
  return effect.method === 'percent'
    ? { kind: 'percent', rate: percentRatio(effect.value), ...places }
    : { kind: 'fixed', amount: units.amount(effect.value), ...places };
}

function selectionOf(select: Select, units: Units): Selection {
  const ids = select.ids ?? select.skus;
  const priceMin = select.min_unit_price ?? select.unit_price_equals;
  const priceMax = select.max_unit_price ?? select.unit_price_equals;
  return {
    ...(select.tags && { tags: select.tags }),
    ...(ids && { chargeIds: ids }),
    ...(priceMin !== undefined && { unitPriceMin: units.amount(priceMin) }),
    ...(priceMax !== undefined && { unitPriceMax: units.amount(priceMax) }),
  };
}

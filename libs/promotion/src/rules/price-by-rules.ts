import { sum } from '../allocate.ts';
import { buyGetEffect } from './buy-get-effect.ts';
import { holds } from './conditions.ts';
import type { Dialect } from './dialect.ts';
import { fixedEffect } from './fixed-effect.ts';
import type { Grant } from './grant.ts';
import { least } from './grant.ts';
import { percentEffect } from './percent-effect.ts';
import { portionOf, roundSum } from './ratio.ts';
import type { RunningCharge } from './running-charge.ts';
import { isSelected, ofTarget, roomOf, startCharge } from './running-charge.ts';
import { taxed } from './tax.ts';
import type { Charge, Effect, PricingContext, PricingRule, RulePricing, RuleRefusal } from './types.ts';

/**
 * Applies rules one after the other, by priority, each to what the ones before left.
 *
 * No charge goes below zero or its floor. Every rule is in the adjustments or refused with a reason.
 */
export function priceByRules(
  charges: readonly Charge[],
  rules: readonly PricingRule[],
  context: PricingContext,
  dialect: Dialect,
): RulePricing {
  const running = charges.map(startCharge);
  const adjustments: RulePricing['adjustments'] = [];
  const refused: RulePricing['refused'] = [];
  const ordered = [...rules].sort((a, b) => b.priority - a.priority);
  const alone = ordered.find((rule) => rule.exclusive && qualifies(rule, running, context));

  for (const rule of ordered) {
    const outcome =
      alone && rule !== alone
        ? 'exclusive-rule-applies'
        : applyRule(rule, running, ordered, context, dialect);
    if (typeof outcome === 'string') refused.push({ ruleId: rule.ruleId, reason: outcome });
    else adjustments.push(...outcome);
  }
  return { adjustments, refused, ...totals(running, context) };
}

function applyRule(
  rule: PricingRule,
  charges: RunningCharge[],
  rules: readonly PricingRule[],
  context: PricingContext,
  dialect: Dialect,
): RulePricing['adjustments'] | RuleRefusal {
  if (rule.trigger === 'automatic' && context.preventAutomatic) return 'automatic-prevented';
  if (!qualifies(rule, charges, context)) return 'condition-not-met';
  const { budget } = rule;
  if (budget?.kind === 'usage' && budget.used >= budget.limit) return 'campaign-budget-exceeded';

  const manual = rules.filter((other) => other.trigger === 'manual' && qualifies(other, charges, context));
  if (isReplaced(rule, manual, dialect)) return 'overridden-by-manual';
  const open = charges.filter((charge) => !isClaimed(charge, rule, manual, dialect));
  const booked = bookEffects(rule, open, dialect);

  const spent = sum([...booked.values()]);
  if (budget?.kind === 'spend' && budget.used + spent > budget.limit) {
    for (const [charge, amount] of booked) charge.discount -= amount;
    return 'campaign-budget-exceeded';
  }
  if (spent === 0n) return open.length < charges.length ? 'overridden-by-manual' : 'nothing-to-discount';
  return [...booked].map(([{ chargeId }, amount]) => ({ ruleId: rule.ruleId, chargeId, amount }));
}

function bookEffects(rule: PricingRule, open: RunningCharge[], dialect: Dialect): Map<RunningCharge, bigint> {
  const before = new Map(open.map((charge) => [charge, charge.discount]));
  const booked = new Map<RunningCharge, bigint>();
  for (const effect of rule.effects) {
    for (const { charge, amount } of grantsOf(effect, open, dialect, (one) => before.get(one)!)) {
      const taken = least(amount, roomOf(charge));
      if (taken <= 0n) continue;
      charge.discount += taken;
      booked.set(charge, (booked.get(charge) ?? 0n) + taken);
    }
  }
  return booked;
}

function grantsOf(
  effect: Effect,
  charges: readonly RunningCharge[],
  dialect: Dialect,
  discountBefore: (charge: RunningCharge) => bigint,
): Grant[] {
  if (effect.kind === 'buy-get') return buyGetEffect(effect, ofTarget(charges, 'lines'), dialect);
  const selected = ofTarget(charges, effect.target).filter((charge) => isSelected(charge, effect.select));
  return effect.kind === 'percent'
    ? percentEffect(effect, selected, dialect, discountBefore)
    : fixedEffect(effect, selected, dialect);
}

function qualifies(rule: PricingRule, charges: readonly RunningCharge[], context: PricingContext): boolean {
  return rule.conditions.every((condition) => holds(condition, charges, context));
}

function isReplaced(rule: PricingRule, manual: readonly PricingRule[], dialect: Dialect): boolean {
  const onOrder = ({ effects }: PricingRule) =>
    effects.some((effect) => effect.kind !== 'buy-get' && effect.target.startsWith('order'));
  return (
    dialect.manualOrder === 'replaces-order-discounts' &&
    rule.trigger !== 'manual' &&
    onOrder(rule) &&
    manual.some(onOrder)
  );
}

function isClaimed(
  charge: Charge,
  rule: PricingRule,
  manual: readonly PricingRule[],
  dialect: Dialect,
): boolean {
  return (
    dialect.manualLine === 'replaces-catalogue' &&
    rule.catalogue &&
    charge.target === 'line' &&
    manual.some(({ effects }) =>
      effects.some(
        (effect) =>
          effect.kind !== 'buy-get' && effect.target === 'lines' && isSelected(charge, effect.select),
      ),
    )
  );
}

function totals(charges: readonly RunningCharge[], { pricesIncludeTax }: PricingContext) {
  const before = charges.map(({ price, taxRate }) => taxed(price, taxRate, pricesIncludeTax));
  const after = charges.map(({ price, discount, taxRate }) =>
    taxed(price - discount, taxRate, pricesIncludeTax),
  );
  const listed = (target: Charge['target']) =>
    sum(charges.filter((charge) => charge.target === target).map(({ price, discount }) => price - discount));
  const grossTotal = roundSum(after.map(({ gross }) => gross)); // Rounded once, not line by line.
  return {
    charges: charges.map(({ chargeId, price, discount }, at) => ({
      chargeId,
      price,
      discount,
      net: portionOf(1n, after[at]!.net),
      gross: portionOf(1n, after[at]!.gross),
      grossBefore: portionOf(1n, before[at]!.gross),
    })),
    linesTotal: listed('line'),
    shippingTotal: listed('shipping'),
    netTotal: roundSum(after.map(({ net }) => net)),
    grossTotal,
    grossDiscount: roundSum(before.map(({ gross }) => gross)) - grossTotal,
  };
}

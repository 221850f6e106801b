import {
  evaluate,
  hasUsesLeft,
  isSameCode,
  registerUse,
  type Budget,
  type Condition,
} from '@couplet/promotion';
import { z } from 'zod';
import { Units } from './amounts.ts';
import type { CheckCase } from './case-file.ts';
import { couponOf, CURRENCY } from './neutral-offer.ts';
import { NotExpressible, type Check } from './outcome.ts';

const Amount = z.union([z.string(), z.number()]);
const Given = z.union([
  z.strictObject({
    budget: z.strictObject({ type: z.enum(['spend', 'usage']), limit: Amount, used: Amount }),
    register: z.array(Amount).optional(),
    register_one_order_with_adjustments: z.array(Amount).optional(),
  }),
  z.strictObject({ stored_code: z.string(), entered_code: z.string() }),
  z.strictObject({ usage_limit_reached: z.boolean(), order: Amount, discount: Amount }),
  z.strictObject({
    usage_limit: z.number(),
    orders_using_code: z.array(z.looseObject({ state: z.string() })),
    reusable_from_cancelled_orders: z.boolean().default(true),
  }),
  z.strictObject({
    min_spent: Amount,
    subtotal: Amount,
    min_items_quantity: z.number().optional(),
    quantity: z.number().optional(),
  }),
]);
type Given = z.output<typeof Given>;

export function runLimit({ given, expected, unit }: CheckCase): Check[] {
  const parsed = Given.safeParse(given);
  if (!parsed.success)
    throw new NotExpressible(`no limit of ours has the fields ${Object.keys(Object(given)).join(', ')}`);
  const facts = factsOf(parsed.data, new Units(unit ?? 'major'));
  return Object.entries(expected).map(([field, value]) => {
    if (!(field in facts)) throw new NotExpressible(`expected.${field} does not follow from what is given`);
    return { field, expected: typeof value === 'boolean' ? value : Number(value), got: facts[field] };
  });
}

function factsOf(given: Given, units: Units): Record<string, boolean | number> {
  if ('budget' in given) return { used: budgetAfter(given, units) };
  if ('stored_code' in given)
    return { accepted: isSameCode(given.stored_code, given.entered_code, 'counts') };
  if ('usage_limit_reached' in given) {
    const accepted = hasUsesLeft(1, given.usage_limit_reached ? [{ cancelled: false }] : [], true);
    return { accepted, order_total: Number(given.order) - (accepted ? Number(given.discount) : 0) };
  }
  if ('usage_limit' in given) {
    const orders = given.orders_using_code.map(({ state }) => ({ cancelled: state === 'cancelled' }));
    return { accepted: hasUsesLeft(given.usage_limit, orders, given.reusable_from_cancelled_orders) };
  }
  return { accepted: isThresholdMet(given, units) };
}

function budgetAfter(given: Extract<Given, { budget: unknown }>, units: Units): number {
  const { type: kind, limit, used } = given.budget;
  // A count of uses has no minor units.
  const read = (value: unknown) => (kind === 'spend' ? units.amount(value) : BigInt(String(value)));
  let budget: Budget = { kind, limit: read(limit), used: read(used) };
  for (const amount of given.register ?? []) budget = registerUse(budget, [units.amount(amount)]);
  const order = given.register_one_order_with_adjustments;
  if (order) {
    budget = registerUse(
      budget,
      order.map((amount) => units.amount(amount)),
    );
  }
  return kind === 'spend' ? Number(budget.used) / Number(units.amount(1)) : Number(budget.used);
}

function isThresholdMet(given: Extract<Given, { min_spent: unknown }>, units: Units): boolean {
  const line = {
    lineId: 'all',
    productId: 'all',
    quantity: `${given.quantity ?? 1}`,
    unit: 'each',
    amount: units.amount(given.subtotal),
    discountable: true,
  };
  const conditions: Condition[] = [
    { kind: 'min-subtotal', amount: units.amount(given.min_spent) },
    { kind: 'min-quantity', quantity: given.min_items_quantity ?? 0 },
  ];
  const { refused } = evaluate({ currency: CURRENCY, lines: [line] }, [
    couponOf('offer', { conditions, reward: { kind: 'percent-off', rateBps: 10_000 } }),
  ]);
  return refused.every(({ reason }) => reason !== 'condition-not-met');
}

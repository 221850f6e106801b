import { z } from 'zod';

const Amount = z.union([z.string(), z.number()]);
const Select = z.strictObject({
  tags: z.array(z.string()).optional(),
  ids: z.array(z.string()).optional(),
  skus: z.array(z.string()).optional(),
  min_unit_price: Amount.optional(),
  max_unit_price: Amount.optional(),
  unit_price_equals: Amount.optional(),
});
export type Select = z.output<typeof Select>;

const Condition = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('min_subtotal'),
    amount: Amount,
    basis: z.enum(['gross', 'net']).optional(),
    evaluated: z.enum(['before', 'before_promotions', 'after_earlier_promotions']).optional(),
  }),
  z.strictObject({
    type: z.literal('min_quantity'),
    quantity: z.int().min(0),
    tags: z.array(z.string()).optional(),
    skus: z.array(z.string()).optional(),
  }),
  z.strictObject({ type: z.literal('any_line_quantity_at_least'), quantity: z.int().min(0) }),
  z.strictObject({ type: z.literal('contains_any_tag'), tags: z.array(z.string()) }),
  z.strictObject({ type: z.literal('customer_group'), in: z.array(z.string()) }),
  z.strictObject({ type: z.literal('nth_order'), n: z.number() }),
]);
export type CaseCondition = z.output<typeof Condition>;

const Effect = z.strictObject({
  target: z.enum(['lines', 'order', 'shipping', 'order_and_shipping']),
  method: z.enum(['percent', 'fixed', 'buy_get']),
  value: Amount,
  allocation: z.enum(['each', 'each_line', 'each_unit', 'across', 'once']).optional(),
  max_quantity: z.int().min(0).optional(),
  select: Select.optional(),
  buy: z.strictObject({ select: Select.optional(), min_quantity: z.int().min(0) }).optional(),
  get: z.strictObject({ select: Select.optional(), quantity: z.int().min(0) }).optional(),
});
export type CaseEffect = z.output<typeof Effect>;

const Promotion = z.strictObject({
  id: z.string(),
  trigger: z.enum(['code', 'automatic', 'manual']).default('code'),
  stage: z.enum(['catalogue']).optional(),
  priority: z.number().default(0),
  exclusive: z.boolean().default(false),
  conditions: z.array(Condition).default([]),
  effects: z.array(Effect).min(1),
  limits: z
    .strictObject({
      campaign_budget: z
        .strictObject({ type: z.enum(['spend', 'usage']), limit: Amount, used: Amount })
        .optional(),
    })
    .optional(),
});
export type CasePromotion = z.output<typeof Promotion>;

/** What a pricing case gives; a key that is not here is not expressible. */
export const PricingGiven = z.strictObject({
  basket: z.strictObject({
    lines: z.array(
      z.strictObject({
        id: z.string(),
        quantity: z.int().min(0),
        unit_price: Amount,
        tags: z.array(z.string()).default([]),
        min_unit_price: Amount.optional(),
        tax_rate_percent: Amount.optional(),
      }),
    ),
    shipping: z
      .array(z.strictObject({ id: z.string(), price: Amount, tax_rate_percent: Amount.optional() }))
      .default([]),
  }),
  tax: z.strictObject({ prices_include_tax: z.boolean(), rate_percent: Amount.optional() }).optional(),
  context: z
    .strictObject({
      customer_groups: z.array(z.string()).default([]),
      completed_orders: z.number().default(0),
      prevent_automatic: z.boolean().default(false),
    })
    .prefault({}),
  promotions: z.array(Promotion),
});
export type PricingGiven = z.output<typeof PricingGiven>;

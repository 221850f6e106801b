import { z } from 'zod';
import type { BasketLine } from '@couplet/promotion';
import type { Units } from './amounts.ts';
import { NotExpressible, type Check } from './outcome.ts';
import type { Priced } from './priced.ts';

interface Facts {
  priced: Priced;
  units: Units;
  /** A discount of a line, per unit. */
  perUnit: (line: BasketLine, discount: bigint) => bigint[];
}

type Reader = (expected: unknown, facts: Facts) => { expected: unknown; got: unknown };

const Adjustments = z.array(
  z.strictObject({
    promotion: z.string(),
    on: z.string(),
    amount: z.union([z.string(), z.number()]),
    unrounded: z.unknown().optional(),
  }),
);
const Rejected = z.array(z.strictObject({ promotion: z.string(), reason: z.string() }));

/** Every field that a pricing case may assert, as expected and as the engine has it, in one notation. */
const FIELDS: Readonly<Record<string, Reader>> = {
  adjustments: (expected, { priced, units }) => ({
    expected: read(Adjustments, expected)
      .map(({ promotion, on, amount }) => `${promotion} on ${on}: ${units.amount(amount)}`)
      .sort(),
    got: priced.evaluation.applied
      .flatMap(({ couponId, lines }) =>
        lines.map((line) => `${couponId} on ${line.lineId}: ${line.discount}`),
      )
      .sort(),
  }),
  total_discount: amount(({ priced }) => priced.evaluation.discount),
  items_total: amount(({ priced }) => priced.total('product')),
  shipping_total: amount(({ priced }) => priced.total('delivery')),
  order_total: amount(({ priced }) => priced.total('product') + priced.total('delivery')),
  net_total: amount(({ priced }) => priced.taxedTotal('net', 'after')),
  gross_total: amount(({ priced }) => priced.taxedTotal('gross', 'after')),
  gross_discount: amount(
    ({ priced }) => priced.taxedTotal('gross', 'before') - priced.taxedTotal('gross', 'after'),
  ),
  line_discounts: byLine((line, priced) => priced.discountOf(line)),
  items_gross: byLine((line, priced) => priced.taxedTotal('gross', 'before', [line])),
  line_gross_after: byLine((line, priced) => priced.taxedTotal('gross', 'after', [line])),
  unit_discounts: (expected, { priced, units, perUnit }) => ({
    expected: Object.entries(read(z.record(z.string(), z.array(z.unknown())), expected)).map(
      ([id, amounts]) => `${id}: ${amounts.map((value) => units.amount(value)).join(' ')}`,
    ),
    got: Object.keys(expected as object).map((id) => {
      const line = lineOf(id, priced);
      return `${id}: ${perUnit(line, priced.discountOf(line)).join(' ')}`;
    }),
  }),
  discount_count: (expected, { priced }) => ({ expected, got: priced.evaluation.applied.length }),
  applied: (expected, { priced }) => ({
    expected: read(z.array(z.string()), expected).toSorted(),
    got: priced.evaluation.applied.map(({ couponId }) => couponId).sort(),
  }),
  rejected: (expected, { priced }) => ({
    expected: read(Rejected, expected).map(({ promotion, reason }) => `${promotion}: ${reason}`),
    got: read(Rejected, expected).map(({ promotion }) => {
      const refusal = priced.evaluation.refused.find(({ couponId }) => couponId === promotion);
      return `${promotion}: ${refusal?.reason.replaceAll('-', '_') ?? 'applied'}`;
    }),
  }),
};

export function checkPricing(expected: Record<string, unknown>, facts: Facts): Check[] {
  const fields = Object.entries(expected);
  if (fields.length === 0) throw new NotExpressible('expected asserts nothing');
  return fields.map(([field, value]) => {
    const reader = FIELDS[field];
    if (!reader) throw new NotExpressible(`expected.${field} is not known`);
    return { field, ...reader(value, facts) };
  });
}

function amount(got: (facts: Facts) => bigint): Reader {
  return (expected, facts) => ({ expected: `${facts.units.amount(expected)}`, got: `${got(facts)}` });
}

/** One amount for all lines together, or one per line. */
function byLine(got: (line: BasketLine, priced: Priced) => bigint): Reader {
  return (expected, { priced, units }) => {
    if (typeof expected !== 'object' || expected === null) {
      const total = priced.lines
        .filter(({ kind }) => kind !== 'delivery')
        .reduce((sum, line) => sum + got(line, priced), 0n);
      return { expected: `${units.amount(expected)}`, got: `${total}` };
    }
    return {
      expected: Object.entries(expected).map(([id, value]) => `${id}: ${units.amount(value)}`),
      got: Object.keys(expected).map((id) => `${id}: ${got(lineOf(id, priced), priced)}`),
    };
  };
}

function lineOf(id: string, { lines }: Priced): BasketLine {
  const line = lines.find(({ lineId }) => lineId === id);
  if (!line) throw new NotExpressible(`expected names line ${id}, which is not in the basket`);
  return line;
}

function read<T>(schema: z.ZodType<T>, expected: unknown): T {
  const parsed = schema.safeParse(expected);
  if (!parsed.success) throw new NotExpressible(z.prettifyError(parsed.error).replaceAll('\n', ' '));
  return parsed.data;
}

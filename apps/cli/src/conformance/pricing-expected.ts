import type { RulePricing } from '@couplet/promotion';
import type { Units } from './amounts.ts';
import { NotExpressible, type Check } from './outcome.ts';

interface Facts {
  priced: RulePricing;
  units: Units;
  perUnit: (chargeId: string, discount: bigint) => bigint[];
}

type Reader = (expected: unknown, facts: Facts) => { expected: unknown; got: unknown };

/** Every field that a pricing case may assert, as expected and as the engine has it, in one notation. */
const FIELDS: Readonly<Record<string, Reader>> = {
  adjustments: (expected, { priced, units }) => ({
    expected: (expected as Record<string, unknown>[])
      .map(({ promotion, on, amount }) => `${promotion} on ${on}: ${units.amount(amount)}`)
      .sort(),
    got: priced.adjustments
      .map(({ ruleId, chargeId, amount }) => `${ruleId} on ${chargeId}: ${amount}`)
      .sort(),
  }),
  total_discount: amount(({ priced }) => priced.adjustments.reduce((total, one) => total + one.amount, 0n)),
  items_total: amount(({ priced }) => priced.linesTotal),
  shipping_total: amount(({ priced }) => priced.shippingTotal),
  order_total: amount(({ priced }) => priced.linesTotal + priced.shippingTotal),
  net_total: amount(({ priced }) => priced.netTotal),
  gross_total: amount(({ priced }) => priced.grossTotal),
  gross_discount: amount(({ priced }) => priced.grossDiscount),
  line_discounts: byLine((charge) => charge.discount),
  items_gross: byLine((charge) => charge.grossBefore),
  line_gross_after: byLine((charge) => charge.gross),
  unit_discounts: (expected, { priced, units, perUnit }) => ({
    expected: Object.entries(expected as Record<string, unknown[]>).map(
      ([id, amounts]) => `${id}: ${amounts.map((value) => units.amount(value)).join(' ')}`,
    ),
    got: Object.keys(expected as object).map((id) => {
      const charge = priced.charges.find(({ chargeId }) => chargeId === id);
      return `${id}: ${charge && perUnit(id, charge.discount).join(' ')}`;
    }),
  }),
  discount_count: (expected, { priced }) => ({ expected, got: appliedIn(priced).length }),
  applied: (expected, { priced }) => ({
    expected: [...(expected as string[])].sort(),
    got: appliedIn(priced).sort(),
  }),
  rejected: (expected, { priced }) => ({
    expected: (expected as Record<string, unknown>[]).map(
      ({ promotion, reason }) => `${promotion}: ${reason}`,
    ),
    got: (expected as Record<string, unknown>[]).map(({ promotion }) => {
      const refusal = priced.refused.find(({ ruleId }) => ruleId === promotion);
      return `${promotion}: ${refusal?.reason.replaceAll('-', '_')}`;
    }),
  }),
};

export function checkPricing(
  expected: Record<string, unknown>,
  priced: RulePricing,
  units: Units,
  perUnit: Facts['perUnit'],
): Check[] {
  return Object.entries(expected).map(([field, value]) => {
    const reader = FIELDS[field];
    if (!reader) throw new NotExpressible(`expected.${field} is not known`);
    return { field, ...reader(value, { priced, units, perUnit }) };
  });
}

function amount(got: (facts: Facts) => bigint): Reader {
  return (expected, facts) => ({ expected: `${facts.units.amount(expected)}`, got: `${got(facts)}` });
}

function byLine(got: (charge: RulePricing['charges'][number]) => bigint): Reader {
  return (expected, { priced, units }) => {
    if (typeof expected !== 'object' || expected === null) {
      const total = priced.charges.reduce((sum, charge) => sum + got(charge), 0n);
      return { expected: `${units.amount(expected)}`, got: `${total}` };
    }
    return {
      expected: Object.entries(expected).map(([id, value]) => `${id}: ${units.amount(value)}`),
      got: Object.keys(expected).map((id) => {
        const charge = priced.charges.find(({ chargeId }) => chargeId === id);
        return `${id}: ${charge && got(charge)}`;
      }),
    };
  };
}

function appliedIn({ adjustments }: RulePricing): string[] {
  return [...new Set(adjustments.map(({ ruleId }) => ruleId))];
}

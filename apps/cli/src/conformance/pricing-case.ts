import { DEFAULT_DIALECT, evaluate, split, type BasketLine } from '@couplet/promotion';
import { percentRatio, Units } from './amounts.ts';
import type { CheckCase } from './case-file.ts';
import { dialectOf } from './dialects.ts';
import { CURRENCY } from './neutral-offer.ts';
import type { Check } from './outcome.ts';
import { parseCase } from './parse-case.ts';
import { checkPricing } from './pricing-expected.ts';
import { promotionOf } from './pricing-promotion.ts';
import { PricingGiven } from './pricing-schema.ts';
import { Priced } from './priced.ts';

export function runPricing(checkCase: CheckCase): Check[] {
  const given = parseCase(PricingGiven, checkCase);
  const units = new Units(checkCase.unit ?? 'major');
  const dialect = dialectOf(checkCase);
  const lines = linesOf(given, units);
  const coupons = given.promotions.map((promotion) => promotionOf(promotion, units));
  const pricesIncludeTax = given.tax?.prices_include_tax ?? false;
  const evaluation = evaluate({ currency: CURRENCY, lines }, coupons, {
    strategy: 'stacking',
    dialect,
    context: {
      customerGroups: given.context.customer_groups,
      completedOrders: given.context.completed_orders,
      preventAutomatic: given.context.prevent_automatic,
      pricesIncludeTax,
    },
  });
  const perUnit = ({ quantity }: BasketLine, discount: bigint) =>
    split(discount, Array<bigint>(Number(quantity)).fill(1n), { ...DEFAULT_DIALECT, ...dialect });
  return checkPricing(checkCase.expected, {
    priced: new Priced(lines, evaluation, pricesIncludeTax),
    units,
    perUnit,
  });
}

function linesOf({ basket, tax }: PricingGiven, units: Units): BasketLine[] {
  const rateOf = (own: unknown) =>
    percentRatio(own ?? (/^\d/.test(String(tax?.rate_percent)) ? tax?.rate_percent : 0));
  return [
    ...basket.lines.map(({ id, quantity, unit_price, min_unit_price, tags, tax_rate_percent }) => ({
      ...anEach(id, quantity),
      amount: units.times(unit_price, quantity),
      tags,
      taxRate: rateOf(tax_rate_percent),
      ...(min_unit_price !== undefined && { amountMin: units.times(min_unit_price, quantity) }),
    })),
    ...basket.shipping.map(({ id, price, tax_rate_percent }) => ({
      ...anEach(id, 1),
      amount: units.amount(price),
      kind: 'delivery' as const,
      taxRate: rateOf(tax_rate_percent),
    })),
  ];
}

function anEach(id: string, quantity: number) {
  return { lineId: id, productId: id, quantity: `${quantity}`, unit: 'each', discountable: true };
}

import { roundSum } from './ratio.ts';
import type { RunningCharge } from './running-charge.ts';
import { isSelected } from './running-charge.ts';
import { taxed } from './tax.ts';
import type { Condition, PricingContext } from './types.ts';

/** Whether a basket, as earlier rules left it, fulfils a condition. */
export function holds(
  condition: Condition,
  charges: readonly RunningCharge[],
  context: PricingContext,
): boolean {
  const lines = charges.filter(({ target }) => target === 'line');
  switch (condition.kind) {
    case 'min-subtotal': {
      const amounts = lines.map((line) => {
        const amount = condition.evaluated === 'before' ? line.price : line.price - line.discount;
        return condition.basis === 'listed'
          ? { numerator: amount, denominator: 1n }
          : taxed(amount, line.taxRate, context.pricesIncludeTax)[condition.basis];
      });
      return roundSum(amounts) >= condition.amount;
    }
    case 'min-quantity':
      return (
        lines
          .filter((line) => isSelected(line, condition.select))
          .reduce((count, { quantity }) => count + quantity, 0) >= condition.quantity
      );
    case 'any-line-quantity':
      return lines.some(({ quantity }) => quantity >= condition.quantity);
    case 'contains-any-tag':
      return lines.some(({ tags }) => condition.tags.some((tag) => tags.includes(tag)));
    case 'customer-group':
      return condition.groups.some((group) => context.customerGroups.includes(group));
    case 'nth-order':
      return context.completedOrders + 1 === condition.n;
  }
}

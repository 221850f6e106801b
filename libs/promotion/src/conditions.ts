import type { Context } from './evaluation.ts';
import type { RunningLine } from './lines/running-line.ts';
import { onTarget } from './lines/running-line.ts';
import { roundSum } from './ratio.ts';
import type { Selection } from './selection.ts';
import { isSelected } from './selection.ts';
import { taxed } from './tax.ts';

/** What must be true of a basket beside what an offer takes from it. Thresholds are inclusive. */
export type Condition =
  /** Of the product lines that are selected; before any discount, or after those of earlier offers. */
  | {
      kind: 'min-subtotal';
      amount: bigint;
      /** As listed when absent. */
      basis?: 'listed' | 'net' | 'gross' | undefined;
      /** 'before' when absent. */
      evaluated?: 'before' | 'after-earlier' | undefined;
      select?: Selection | undefined;
    }
  | { kind: 'min-quantity'; quantity: number; select?: Selection | undefined }
  | { kind: 'any-line-quantity'; quantity: number }
  | { kind: 'contains'; select: Selection }
  | { kind: 'customer-group'; groups: readonly string[] }
  | { kind: 'nth-order'; n: number };

/** Whether a basket, as earlier offers left it, fulfils a condition. */
export function holds(condition: Condition, lines: readonly RunningLine[], context: Context): boolean {
  const products = onTarget(lines, 'order');
  switch (condition.kind) {
    case 'min-subtotal':
      return subtotal(condition, products, context) >= condition.amount;
    case 'min-quantity':
      return (
        products
          .filter(({ line }) => isSelected(line, condition.select))
          .reduce((count, { pieces }) => count + pieces, 0) >= condition.quantity
      );
    case 'any-line-quantity':
      return products.some(({ pieces }) => pieces >= condition.quantity);
    case 'contains':
      return products.some(({ line }) => isSelected(line, condition.select));
    case 'customer-group':
      return condition.groups.some((group) => context.customerGroups.includes(group));
    case 'nth-order':
      return context.completedOrders + 1 === condition.n;
  }
}

/** Whether what earlier offers gave can end that it holds. */
export function dependsOnDiscounts(condition: Condition): boolean {
  return condition.kind === 'min-subtotal' && condition.evaluated === 'after-earlier';
}

function subtotal(
  condition: Extract<Condition, { kind: 'min-subtotal' }>,
  products: readonly RunningLine[],
  { pricesIncludeTax }: Context,
): bigint {
  const { basis = 'listed', select } = condition;
  const amounts = products
    .filter(({ line }) => isSelected(line, select))
    .map(({ line, discount }) => {
      const amount = dependsOnDiscounts(condition) ? line.amount - discount : line.amount;
      return basis === 'listed'
        ? { numerator: amount, denominator: 1n }
        : taxed(amount, line.taxRate, pricesIncludeTax)[basis];
    });
  return roundSum(amounts);
}

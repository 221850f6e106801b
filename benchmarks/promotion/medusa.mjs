/**
 * Medusa's own computeActions. It reads its promotions from a database first; here that one query is answered from
 * memory, so that no database is timed. All else is the package as it is published.
 */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { default: PromotionModuleService } = require('@medusajs/promotion/dist/services/promotion-module.js');

const MANY = 1_000_000;

export function medusaContext(basket) {
  const items = basket.map(({ id, quantity, unitPrice }) => ({
    id,
    quantity,
    subtotal: (quantity * unitPrice) / 100,
    original_total: (quantity * unitPrice) / 100,
    is_discountable: true,
    product: { id },
  }));
  return { currency_code: 'usd', items };
}

/** @returns a function from a context to the actions that Medusa computes */
export function medusaOf(promotions) {
  const stored = promotions.map(promotionOf);
  const codes = stored.map(({ code }) => code);
  const service = Object.create(PromotionModuleService.prototype);
  service.listActivePromotions_ = async () => stored;
  return (context) =>
    service.computeActions(
      codes,
      context,
      { prevent_auto_promotions: true },
      { manager: { of: 'nothing, for there is no database' } },
    );
}

/** Minor units per line, fractions and all: Medusa does not round. */
export function discountsOf(actions) {
  const discounts = new Map();
  for (const { action, item_id, amount } of actions) {
    if (action === 'addItemAdjustment') {
      discounts.set(item_id, (discounts.get(item_id) ?? 0) + Number(amount) * 100);
    }
  }
  return discounts;
}

function promotionOf({ code, kind, on, products, value }) {
  const target_rules = products
    ? [
        {
          attribute: 'items.product.id',
          operator: 'in',
          values: products.map((product) => ({ value: product })),
        },
      ]
    : [];
  return {
    id: code,
    code,
    type: 'standard',
    is_automatic: false,
    is_tax_inclusive: false,
    rules: [],
    application_method: {
      type: kind === 'percent' ? 'percentage' : 'fixed',
      target_type: on === 'order' ? 'order' : 'items',
      allocation: on === 'order' ? 'across' : 'each',
      max_quantity: on === 'order' ? null : MANY,
      value: kind === 'percent' ? value : value / 100,
      currency_code: 'usd',
      target_rules,
      buy_rules: [],
    },
  };
}

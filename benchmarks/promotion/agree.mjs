import assert from 'node:assert/strict';
import { coupletBasket, coupletCoupons, stack } from './couplet.mjs';
import { discountsOf, medusaContext, medusaOf } from './medusa.mjs';
import { basketOf, EXACT, promotionsOf } from './scenarios.mjs';

/**
 * Both engines come to the same before anything is timed: to the minor unit where nothing is rounded; else as near
 * as rounding allows, because Medusa keeps fractions of a cent and Couplet rounds every discount of a line.
 *
 * @returns how many cases were compared
 */
export async function agree(offers, lines) {
  for (const { because, basket, promotions, discounts } of EXACT) {
    const { ours, theirs } = await both(basket, promotions);
    for (const [id, discount] of Object.entries(discounts)) {
      assert.equal(ours.get(id) ?? 0, discount, `Couplet: ${because}`);
      assert.ok(Math.abs((theirs.get(id) ?? 0) - discount) < 1e-6, `Medusa: ${because}`);
    }
  }
  for (const count of offers) for (const length of lines) await agreeWithin(count, length);
  return EXACT.length + offers.length * lines.length;
}

async function agreeWithin(offers, lines) {
  const { ours, theirs } = await both(basketOf(lines), promotionsOf(offers, lines));
  const total = (discounts) => [...discounts.values()].reduce((sum, discount) => sum + discount, 0);
  const difference = Math.abs(total(ours) - total(theirs));
  const tolerance = 0.5 * offers * lines + 1e-6;
  assert.ok(difference <= tolerance, `${offers} offers, ${lines} lines: ${total(ours)} and ${total(theirs)}`);
}

async function both(basket, promotions) {
  const actions = await medusaOf(promotions)(medusaContext(basket));
  return {
    ours: stack(coupletBasket(basket), coupletCoupons(promotions)),
    theirs: discountsOf(actions),
  };
}

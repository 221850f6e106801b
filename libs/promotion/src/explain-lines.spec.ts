import { aCoupon, aLine, basketOf } from '../test/baskets.ts';
import { evaluate } from './evaluate.ts';
import { explainLines } from './explain-lines.ts';
import type { Coupon } from './evaluation.ts';
import type { BasketLine } from './basket.ts';

function reasons(lines: BasketLine[], coupons: Coupon[]) {
  const basket = basketOf(...lines);
  return explainLines(basket, coupons, evaluate(basket, coupons)).map(
    ({ couponId, lineId, reason }) => `${couponId} on ${lineId}: ${reason}`,
  );
}

describe('why a line carries nothing of a coupon', () => {
  it.each([
    { line: { discountable: false }, reason: 'not-discountable' },
    { line: { productId: 'tea' }, reason: 'not-in-offer' },
    { line: { amountMin: 300n }, reason: 'at-its-floor' },
    { line: { amount: 200n }, reason: 'not-needed' },
  ])('$reason', ({ line, reason }) => {
    expect(reasons([aLine('1'), aLine('2', line)], [aCoupon('c')])).toEqual([`c on 2: ${reason}`]);
  });

  it('the offer does not apply at all', () => {
    const needsThree = aCoupon('c', { requires: [{ productIds: ['soap'], quantity: 3 }] });
    expect(reasons([aLine('1')], [needsThree])).toEqual(['c on 1: offer-not-applied']);
  });

  it('another coupon has the piece', () => {
    const better = aCoupon('better', { reward: { kind: 'amount-off', amount: 200n } });
    expect(reasons([aLine('1')], [aCoupon('c'), better])).toEqual(['c on 1: serves-other-coupon']);
  });

  it('nothing where it carries something', () => {
    expect(reasons([aLine('1')], [aCoupon('c')])).toEqual([]);
  });

  it('an offer on the whole basket is for every product, and not for delivery', () => {
    const lines = [aLine('1', { productId: 'any' }), aLine('van', { kind: 'delivery' })];
    const fivePercent = aCoupon('c', { requires: [], reward: { kind: 'percent-off', rateBps: 500 } });
    expect(reasons(lines, [fivePercent])).toEqual(['c on van: not-in-offer']);
  });
});

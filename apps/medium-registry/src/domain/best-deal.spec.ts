import type { Evaluation } from '@couplet/promotion';
import { aReserve } from '../../test/samples.ts';
import { better, isSame, type Question } from './best-deal.ts';

const asked = (...couponIds: string[]): Question => ({
  basket: aReserve(),
  coupons: couponIds.map((couponId) => ({ couponId, offerId: 'o', terms: {} as never })),
});
const told = (discount: bigint, missedAtMost: bigint): Evaluation => ({
  ...{ discount, missedAtMost },
  ...{ applied: [], refused: [] },
});

describe('two answers to one question', () => {
  it.each([
    { one: told(50n, 30n), other: told(60n, 0n), best: told(60n, 0n), because: 'the other is proven' },
    { one: told(50n, 30n), other: told(60n, 40n), best: told(60n, 20n), because: 'none exceeds 80' },
    { one: told(70n, 30n), other: told(60n, 15n), best: told(70n, 5n), because: 'none exceeds 75' },
  ])('come to the better deal and the closer bound: $because', ({ one, other, best }) => {
    expect(better({ question: asked('a'), evaluation: one }, other).evaluation).toEqual(best);
  });
});

it('is the same question only with the same coupons', () => {
  expect(isSame(asked('a', 'b'), asked('a', 'b'))).toBe(true);
  expect(isSame(asked('a', 'b'), asked('a'))).toBe(false);
  expect(isSame(asked('a', 'b'), asked('a', 'c'))).toBe(false);
});

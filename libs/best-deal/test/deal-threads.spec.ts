import { evaluate } from '@couplet/promotion';
import { aCoupon, aLine, basketOf } from '../../promotion/test/baskets.ts';
import { DealThreads } from '../src/deal-threads.ts';
import { narrowed, type Question } from '../src/question.ts';

const failures: unknown[] = [];
const threads = new DealThreads({ threads: 1, queueMax: 1, onFailure: (error) => failures.push(error) });
afterAll(() => threads.close());

const inMs = (ms: number) => performance.timeOrigin + performance.now() + ms;

/** Matches of fixed prices for three of most of sixty lines: about a second. */
const hard: Question = {
  basket: basketOf(
    ...Array.from({ length: 60 }, (_, n) =>
      aLine(`${n}`, { productId: `p${n}`, amount: BigInt(100 + ((n * 37) % 60) * 15 + (n % 7)) }),
    ),
  ),
  coupons: Array.from({ length: 12 }, (_, n) =>
    aCoupon(`${n}`, {
      requires: [
        { productIds: Array.from({ length: 45 }, (__, k) => `p${(n * 7 + k * 11) % 60}`), quantity: 3 },
      ],
      reward: { kind: 'fixed-price', amount: BigInt(700 + 90 * n) },
      storeMatch: { party: 'store', upToTotal: BigInt(680 + 124 * n) },
    }),
  ),
};

it('finds what a search in this thread finds', async () => {
  const found = await threads.find(hard, inMs(60_000));
  expect(found).toEqual(evaluate(hard.basket, hard.coupons));
  expect(found!.missedAtMost).toBe(0n);
}, 120_000);

it('finds nothing when the time is up, or too many wait', async () => {
  expect(await threads.find(hard, inMs(0))).toBeUndefined();
  const searches = Array.from({ length: 3 }, () => threads.find(hard, inMs(60_000)));
  expect(await searches[2]).toBeUndefined();
  await Promise.all(searches);
  expect(failures).toEqual([]);
}, 120_000);

it('asks without the products that are not in the basket, and refuses the same coupons', () => {
  const basket = basketOf(aLine('1'), aLine('2', { productId: 'tea' }));
  const many = Array.from({ length: 10_000 }, (_, n) => `p${n}`);
  const coupons = [
    aCoupon('a', { requires: [{ productIds: [...many, 'soap'], quantity: 1 }] }),
    aCoupon('b', {
      requires: [
        { productIds: ['soap'], quantity: 1 },
        { productIds: many, quantity: 1 },
      ],
    }),
  ];
  const asked = narrowed({ basket, coupons });
  expect(asked.coupons.map(({ terms }) => terms.requires.map(({ productIds }) => productIds))).toEqual([
    [['soap']],
    [['soap'], ['p0']],
  ]);
  expect(evaluate(asked.basket, asked.coupons)).toEqual(evaluate(basket, coupons));
});

import fc from 'fast-check';
import { aCoupon, aLine, basketOf } from '../../test/baskets.ts';
import { bruteForce } from '../../test/oracle.ts';
import { DEFAULT_DIALECT } from '../dialect.ts';
import { prepareOffer } from '../prepare.ts';
import { indexBasket, qualify } from '../qualify.ts';
import { ladderOf } from './ladder.ts';
import { rungsOf } from './ladder-group.ts';
import { LadderPrices } from './ladder-prices.ts';
import { discountablePieces } from './pieces.ts';
import { poolPieces } from './pools.ts';
import { scaleOf, wholeUnits } from './preference.ts';

const baskets = fc
  .array(fc.bigInt(1n, 30n), { minLength: 4, maxLength: 8 })
  .map((amounts) =>
    basketOf(...amounts.map((amount, n) => aLine(`${n}`, { productId: `p${n % 5}`, amount }))),
  );
const coupons = fc
  .array(
    fc.tuple(fc.subarray(['p0', 'p1', 'p2', 'p3', 'p4'], { minLength: 3 }), fc.integer({ min: 2, max: 3 })),
    {
      minLength: 2,
      maxLength: 4,
    },
  )
  .map((drafts) =>
    drafts.map(([productIds, quantity], n) =>
      aCoupon(`${n}`, { requires: [{ productIds, quantity }], reward: { kind: 'free-item', quantity: 1 } }),
    ),
  );
const charges = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 24, maxLength: 24 });

it('whatever the prices and tolls, no combination gives more than the bound', () => {
  fc.assert(
    fc.property(baskets, coupons, charges, charges, (basket, held, prices, tolls) => {
      const contenders = held.flatMap((coupon) => {
        const offer = prepareOffer(coupon.terms);
        const matches = qualify(offer, indexBasket(basket));
        return typeof matches === 'string' ? [] : [{ coupon, offer, matches }];
      });
      fc.pre(contenders.length > 0);
      const lines = basket.lines.map((line) => ({ line, discount: 0n }));
      const { pools, demands } = poolPieces(discountablePieces(lines), contenders);
      const ladders = contenders.map((one, position) =>
        ladderOf(one, demands[position]!, pools, DEFAULT_DIALECT, { position, coupons: contenders.length })!,
      );
      const rungs = rungsOf(
        ladders,
        pools.map(({ count }) => count),
        pools,
      );
      const scale = scaleOf(contenders.length);
      const scaled = (units: number[]) => Float64Array.from(rungs, (_, at) => units[at]! * scale);

      const priced = new LadderPrices(rungs, ladders);
      priced.reset({ prices: scaled(prices), tolls: scaled(tolls) });
      const start = { at: 0, wasted: 0, states: ladders.map(() => 0), total: 0 };
      expect(wholeUnits(priced.boundOf(start), scale)).toBeGreaterThanOrEqual(bruteForce(basket, held).total);
    }),
    { numRuns: 1_000 },
  );
});

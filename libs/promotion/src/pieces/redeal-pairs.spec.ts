import fc from 'fast-check';
import { Hands, type Pieces } from './hands.ts';
import type { Demand, Pool } from './pools.ts';
import { redealPairs } from './redeal-pairs.ts';

/** A coupon for two pieces of these pools that gives what they cost, if its budget suffices. */
interface Draft {
  readonly wanted: readonly number[];
  readonly limit: number;
}
interface Deal {
  readonly prices: readonly number[];
  readonly capacity: readonly number[];
  readonly drafts: readonly Draft[];
  /** Which coupons begin with pieces, where they fit. */
  readonly begins: readonly boolean[];
}

const dealsOf = (coupons: number): fc.Arbitrary<Deal> =>
  fc.integer({ min: 3, max: 6 }).chain((pools) =>
    fc.record({
      prices: fc.array(fc.integer({ min: 1, max: 30 }), { minLength: pools, maxLength: pools }),
      capacity: fc.array(fc.integer({ min: 1, max: 2 }), { minLength: pools, maxLength: pools }),
      drafts: fc.array(
        fc.record({
          wanted: fc.subarray([...Array(pools).keys()], { minLength: 2 }),
          limit: fc.oneof(fc.constant(Infinity), fc.integer({ min: 5, max: 50 })),
        }),
        { minLength: coupons, maxLength: coupons },
      ),
      begins: fc.array(fc.boolean(), { minLength: coupons, maxLength: coupons }),
    }),
  );

const never = { target: Infinity, isOver: () => false };

describe('coupons two at a time', () => {
  it('two coupons get the best deal there is', () => {
    fc.assert(
      fc.property(dealsOf(2), (deal) => {
        const { hands, start } = prepared(deal);
        const dealt = redealPairs(hands, deal.capacity, start, never);
        expect(isDealable(dealt, deal)).toBe(true);
        expect(worthOf(dealt, hands)).toBe(bestOf(hands, deal));
      }),
      { numRuns: 500 },
    );
  });

  it('of more, no two can be dealt better in the end, and together they have no less than before', () => {
    fc.assert(
      fc.property(dealsOf(4), (deal) => {
        const { hands, start } = prepared(deal);
        const dealt = redealPairs(hands, deal.capacity, start, never);
        expect(isDealable(dealt, deal)).toBe(true);
        expect(worthOf(dealt, hands)).toBeGreaterThanOrEqual(worthOf(start, hands));
        for (const a of hands.keys())
          for (const b of hands.keys()) {
            if (a >= b) continue;
            const others = dealt.filter((_, coupon) => coupon !== a && coupon !== b);
            const ofBoth = { ...deal, capacity: leftBy(others, deal.capacity) };
            expect(worthOf([dealt[a], dealt[b]], [hands[a]!, hands[b]!])).toBe(
              bestOf([hands[a]!, hands[b]!], ofBoth),
            );
          }
      }),
      { numRuns: 200 },
    );
  });

  it('finds what no swap of one piece leads to: until 6 and 3 have both moved, budgets do not suffice, or it is worth less', () => {
    const any = [0, 1, 2, 3, 4];
    const deal = {
      prices: [9, 6, 3, 2, 1],
      capacity: [1, 1, 1, 1, 1],
      drafts: [
        { wanted: any, limit: 11 },
        { wanted: any, limit: 9 },
      ],
      begins: [false, false],
    };
    const { hands } = prepared(deal);
    const start = [
      [1, 2],
      [3, 4],
    ];
    expect(worthOf(start, hands)).toBe(12);
    expect(worthOf(redealPairs(hands, deal.capacity, start, never), hands)).toBe(20);
  });

  it('ends at its target, and when time is over', () => {
    const deal = {
      prices: [9, 4],
      capacity: [2, 2],
      drafts: [
        { wanted: [0, 1], limit: Infinity },
        { wanted: [0, 1], limit: Infinity },
      ],
      begins: [false, false],
    };
    const { hands, start } = prepared(deal);
    expect(redealPairs(hands, deal.capacity, start, { ...never, target: 0 })).toEqual(start);
    expect(redealPairs(hands, deal.capacity, start, { ...never, isOver: () => true })).toEqual(start);
    expect(worthOf(redealPairs(hands, deal.capacity, start, never), hands)).toBe(26);
  });
});

function prepared({ prices, capacity, drafts, begins }: Deal): {
  hands: Hands[];
  start: (Pieces | undefined)[];
} {
  const pools = prices.map((price, at): Pool => ({
    price: BigInt(price),
    count: capacity[at]!,
    unit: 'each',
    measure: 0,
    groups: [],
  }));
  const hands = drafts.map(({ wanted, limit }) => {
    const demand = [{ set: { quantity: 2 }, pools: [...wanted] }] as unknown as Demand;
    return new Hands(
      { modes: [[{ fixed: 0, each: ({ price }) => Number(price) }]], limit, roundings: 0 },
      demand,
      pools,
    );
  });
  const left = [...capacity];
  const start = hands.map((coupon, at) => {
    const isWithin = (pieces: Pieces) => givenBy(pieces, prices) <= coupon.limit;
    const pieces = begins[at] ? choicesOf(coupon, left).find(isWithin) : undefined;
    for (const pool of pieces ?? []) left[pool]!--;
    return pieces;
  });
  return { hands, start };
}

/** Each piece serves one coupon. */
function isDealable(dealt: readonly (Pieces | undefined)[], { capacity, drafts }: Deal): boolean {
  const isWanted = dealt.every((pieces, at) =>
    (pieces ?? []).every((pool) => drafts[at]!.wanted.includes(pool)),
  );
  return isWanted && leftBy(dealt, capacity).every((left) => left >= 0);
}

function leftBy(dealt: readonly (Pieces | undefined)[], capacity: readonly number[]): number[] {
  return capacity.map(
    (count, pool) => count - dealt.flatMap((pieces) => pieces ?? []).filter((one) => one === pool).length,
  );
}

const worthOf = (dealt: readonly (Pieces | undefined)[], hands: readonly Hands[]): number =>
  dealt.reduce((sum, pieces, at) => sum + (pieces ? hands[at]!.valueOf(pieces) : 0), 0);

/** What trying them all comes to; a coupon beyond its budget gives nothing. */
function bestOf([coupon, ...others]: readonly Hands[], deal: Pick<Deal, 'capacity' | 'prices'>): number {
  if (!coupon) return 0;
  return Math.max(
    bestOf(others, deal),
    ...choicesOf(coupon, deal.capacity).map((pieces) => {
      const given = givenBy(pieces, deal.prices);
      const rest = bestOf(others, { ...deal, capacity: leftBy([pieces], deal.capacity) });
      return given > coupon.limit ? 0 : given + rest;
    }),
  );
}

function choicesOf(coupon: Hands, left: readonly number[]): [number, number][] {
  const wanted = coupon.wantedAt(0);
  return wanted
    .flatMap((a, at) => wanted.slice(at).map((b): [number, number] => [a, b]))
    .filter((pieces) => leftBy([pieces], left).every((count) => count >= 0));
}

const givenBy = (pieces: Pieces, prices: readonly number[]): number =>
  pieces.reduce((sum, pool) => sum + prices[pool]!, 0);

import type { Pieces } from './hands.ts';

/** A choice of pieces of one coupon, and how far it falls short of the best that the coupon has at the prices of pieces. */
export interface Offered {
  coupon: number;
  pieces: Pieces;
  loss: number;
}

/** What is lost where a coupon is not used, and where a piece is left over. */
export interface Losses {
  unused: readonly number[];
  prices: ArrayLike<number>;
}

/**
 * A deal whose losses in all are within a slack: of the coupon or piece for which fewest choices are left, tries each.
 *
 * @param offered least loss first
 * @param look counts looks at choices and pieces, and says whether that was all
 * @returns what each coupon gets; or that there is no such deal; or that it ended before
 */
export function cover(
  offered: readonly Offered[],
  { unused, prices }: Losses,
  capacity: readonly number[],
  slackMax: number,
  look: (looks: number) => boolean,
): Offered[] | 'none' | 'ended' {
  const left = [...capacity];
  const chosen: Offered[] = [];
  const open = new Set(unused.keys());
  /** By what is left and who is open: the slack that did not suffice. */
  const failed = new Map<string, number>();
  let isEnded = false;

  function isCovered(viable: readonly Offered[], slack: number): boolean {
    isEnded ||= look(viable.length + capacity.length);
    if (isEnded) return false;
    const item = scarcest(viable, slack);
    if (!item) return true;
    const state = `${String.fromCharCode(...open)},${String.fromCharCode(...left)}`;
    if ((failed.get(state) ?? -1) >= slack) return false;
    failed.set(state, slack);
    const { coupon, pool } = item;
    for (const one of viable) {
      if (isEnded) return false;
      if (coupon === undefined ? !one.pieces.includes(pool!) : one.coupon !== coupon) continue;
      if (isCoveredWith(one, viable, slack)) return true;
    }
    return coupon === undefined
      ? isCoveredWithoutPool(pool!, viable, slack)
      : isCoveredWithout(coupon, viable, slack);
  }

  function scarcest(
    viable: readonly Offered[],
    slack: number,
  ): { coupon?: number; pool?: number } | undefined {
    const ofCoupon = unused.map((loss) => (loss <= slack ? 1 : 0));
    const ofPool = left.map((count, pool) => (count * prices[pool]! <= slack ? 1 : 0));
    for (const { coupon, pieces } of viable) {
      ofCoupon[coupon]!++;
      for (const pool of pieces) ofPool[pool]!++;
    }
    let fewest = Infinity;
    let item: { coupon?: number; pool?: number } | undefined;
    for (const coupon of open) {
      if (ofCoupon[coupon]! < fewest) [fewest, item] = [ofCoupon[coupon]!, { coupon }];
    }
    for (const [pool, count] of ofPool.entries()) {
      if (left[pool]! > 0 && prices[pool]! > 0 && count < fewest) [fewest, item] = [count, { pool }];
    }
    return item;
  }

  function isCoveredWith(one: Offered, viable: readonly Offered[], slack: number): boolean {
    for (const pool of one.pieces) left[pool]!--;
    open.delete(one.coupon);
    chosen.push(one);
    const rest = slack - one.loss;
    const others = viable.filter(
      (other) => other.loss <= rest && other.coupon !== one.coupon && areLeft(other.pieces),
    );
    if (isCovered(others, rest)) return true;
    chosen.pop();
    open.add(one.coupon);
    for (const pool of one.pieces) left[pool]!++;
    return false;
  }

  function isCoveredWithout(coupon: number, viable: readonly Offered[], slack: number): boolean {
    const rest = slack - unused[coupon]!;
    if (rest < 0) return false;
    open.delete(coupon);
    if (
      isCovered(
        viable.filter((other) => other.loss <= rest && other.coupon !== coupon),
        rest,
      )
    )
      return true;
    open.add(coupon);
    return false;
  }

  function isCoveredWithoutPool(pool: number, viable: readonly Offered[], slack: number): boolean {
    const count = left[pool]!;
    const rest = slack - count * prices[pool]!;
    if (rest < 0) return false;
    left[pool] = 0;
    if (
      isCovered(
        viable.filter((other) => other.loss <= rest && !other.pieces.includes(pool)),
        rest,
      )
    )
      return true;
    left[pool] = count;
    return false;
  }

  function areLeft(pieces: Pieces): boolean {
    return pieces.every((pool, at) => {
      const count = left[pool]!;
      if (count >= pieces.length) return true;
      let wanted = 1;
      for (let before = 0; before < at; before++) if (pieces[before] === pool) wanted++;
      return count >= wanted;
    });
  }

  const isFound = isCovered(offered, slackMax);
  if (isFound) return chosen;
  return isEnded ? 'ended' : 'none';
}

import { sum } from './allocate.ts';
import { portionOf } from './rules/ratio.ts';
import type { OfferTerms, Reward, StoreMatch } from './types.ts';

/** Pieces of one price that a coupon takes from one line. */
export interface TakenPieces {
  /** Position of the line in the basket. */
  line: number;
  /** Of one piece, minor units. */
  price: bigint;
  count: number;
}

/** What a coupon comes to: `face` is borne by the parties of the offer, `match` by the store. */
export interface CouponPrice {
  face: bigint;
  match: bigint;
}

/**
 * Discount of one coupon on the pieces it takes: never more than they cost, and what the price
 * does not cover is cut from the match first.
 */
export function priceCoupon({ reward, storeMatch }: OfferTerms, taken: readonly TakenPieces[]): CouponPrice {
  const room = sum(taken.map(({ price, count }) => price * BigInt(count)));
  const promised = promisedFace(reward, taken);
  const face = min(promised, room);
  return { face, match: min(matchOf(storeMatch, promised), room - face) };
}

/** Price of the pieces taken from each line, by line. */
export function amountByLine(taken: readonly TakenPieces[]): Map<number, bigint> {
  const byLine = new Map<number, bigint>();
  for (const { line, price, count } of taken)
    byLine.set(line, (byLine.get(line) ?? 0n) + price * BigInt(count));
  return byLine;
}

/** Basis points of an amount, half up. */
export function percentageOf(amount: bigint, rateBps: number): bigint {
  return portionOf(amount, { numerator: BigInt(rateBps), denominator: 10_000n });
}

/** The cheapest `quantity` pieces; of equal price those of the front lines. */
export function cheapestPieces(taken: readonly TakenPieces[], quantity: number): TakenPieces[] {
  const cheapestFirst = [...taken].sort((a, b) =>
    a.price === b.price ? a.line - b.line : a.price < b.price ? -1 : 1,
  );
  let left = quantity;
  return cheapestFirst.map(({ line, price, count }) => {
    const free = Math.min(count, left);
    left -= free;
    return { line, price, count: free };
  });
}

function promisedFace(reward: Reward, taken: readonly TakenPieces[]): bigint {
  switch (reward.kind) {
    case 'amount-off':
      return reward.amount;
    case 'percent-off': {
      const percent = sum(
        [...amountByLine(taken).values()].map((amount) => percentageOf(amount, reward.rateBps)),
      );
      return reward.amountMax === undefined ? percent : min(percent, reward.amountMax);
    }
    case 'free-item':
      return sum(cheapestPieces(taken, reward.quantity).map(({ price, count }) => price * BigInt(count)));
  }
}

function matchOf(storeMatch: StoreMatch | undefined, face: bigint): bigint {
  if (!storeMatch || face >= storeMatch.upToTotal) return 0n;
  return min(face, storeMatch.upToTotal - face);
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

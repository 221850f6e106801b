import type { PieceReward, PreparedOffer } from '../prepare.ts';
import type { Demand, Pool } from './pools.ts';

/**
 * What no way of a coupon exceeds, minor units: as if it had the dearest pieces of every set for itself, and
 * every rounding were up. For coupons whose ways are too many to look at.
 */
export function mostPossible(offer: PreparedOffer, demand: Demand, pools: readonly Pool[]): number {
  const bySet = demand.map(({ set, pools: positions }) => {
    const bounded = set.spendMin === 0 && !set.measure;
    return first(
      positions.map((position) => pools[position]!),
      bounded ? set.quantityMax : Infinity,
    );
  });
  const all = bySet.flat().sort((a, b) => b.price - a.price);
  const face = offer.onPieces.reduce((total, reward) => total + faceOf(reward, bySet, all), 0);
  const match = Math.min(face, Math.floor(Number(offer.terms.storeMatch?.upToTotal ?? 0n) / 2));
  return Math.min(face + match, worth(all));
}

/** So many pieces of one price. */
interface Run {
  price: number;
  count: number;
}

function faceOf(reward: PieceReward, bySet: readonly Run[][], all: readonly Run[]): number {
  switch (reward.kind) {
    case 'amount-off':
      return Number(reward.amount);
    case 'fixed-price':
      return Math.max(0, worth(all) - Number(reward.amount));
    case 'percent-off': {
      const { on, rateBps, amountMax } = reward;
      const touched = !on ? all : on.kind === 'set' ? bySet[on.set]! : first(all, on.quantity);
      const roundings = touched.reduce((count, run) => count + run.count, 1);
      const percent = Math.min(worth(touched), Math.ceil(worth(touched) * (rateBps / 10_000)) + roundings);
      return amountMax === undefined ? percent : Math.min(percent, Number(amountMax));
    }
  }
}

/** The first `count` pieces of runs that are dearest first. */
function first(runs: readonly { price: bigint | number; count: number }[], count: number): Run[] {
  let left = count;
  return runs.map((run) => {
    const taken = Math.min(run.count, left);
    left -= taken;
    return { price: Number(run.price), count: taken };
  });
}

function worth(runs: readonly Run[]): number {
  return runs.reduce((total, { price, count }) => total + price * count, 0);
}

/**
 * What no way of a coupon gains after paying for its pieces, minor units, at any prices of pools: its discount is at
 * most an amount, and at most a part of what its pieces cost, and both are bounded piece by piece.
 */
export function mostGained(
  offer: PreparedOffer,
  demand: Demand,
  pools: readonly Pool[],
  prices: readonly number[],
): number {
  const quantity = demand.reduce((sum, { set }) => sum + set.quantity, 0);
  const isCounted = offer.piecesMax === quantity;
  const { part, roundings } = partOf(offer, isCounted ? quantity : Infinity);
  const positions = [...new Set(demand.flatMap((wanted) => wanted.pools))];
  const runs = positions.map((pool) => ({
    count: pools[pool]!.count,
    pays: prices[pool]!,
    price: Number(pools[pool]!.price),
  }));

  const cheapest = best(
    runs.map(({ count, pays }) => ({ count, price: -pays })),
    quantity,
  );
  const dearest = best(
    runs.map(({ count, price, pays }) => ({ count, price: price * part - pays })),
    isCounted ? quantity : Infinity,
  );
  return Math.max(0, Math.min(mostPossible(offer, demand, pools) + cheapest, dearest + roundings));
}

/** Of a price, what all rewards together take off it at most; and what roundings add. */
function partOf({ onPieces, terms }: PreparedOffer, quantity: number): { part: number; roundings: number } {
  const [reward] = onPieces;
  if (onPieces.length !== 1 || reward!.kind !== 'percent-off') return { part: 1, roundings: 0 };
  const rate = reward!.rateBps / 10_000;
  // The cheapest n of q pieces cost at most n/q of all.
  const share = reward!.on?.kind === 'cheapest' && quantity < Infinity ? reward!.on.quantity / quantity : 1;
  const times = terms.storeMatch ? 2 : 1;
  return { part: Math.min(1, rate * share * times), roundings: times * (1 + Math.min(quantity, 1_000)) };
}

/** The greatest sum of `count` pieces; of unbounded count, of all that add to it. */
function best(runs: readonly Run[], count: number): number {
  const sorted = runs.toSorted((a, b) => b.price - a.price);
  const useful = count === Infinity ? sorted.filter(({ price }) => price > 0) : sorted;
  return worth(first(useful, count));
}

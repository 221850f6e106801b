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

import type { Contender } from '../contender.ts';
import type { Dialect } from '../dialect.ts';
import type { PieceReward, PreparedOffer } from '../prepare.ts';
import { mostPossible } from './most-possible.ts';
import { fractionOfPiece, isAlone } from './piece-values.ts';
import { isCounted, type Demand, type Pool } from './pools.ts';

/** An amount for being used, and an amount for each piece by the set it is taken for; minor units. */
export interface Sum {
  fixed: number;
  each: (pool: Pool, set: number) => number;
}

/**
 * The discount of an offer as the greatest of its modes, each of which is the least of some sums over the pieces taken: a
 * percentage with a maximum is the least of two; a match up to U makes of F the greater of min(2 F, U) and F.
 * Roundings of a line that several pieces share are taken as up (`fractionOfPiece`), so no choice of pieces gives more.
 */
export interface LeastSums {
  modes: Sum[][];
  /** Of a match up to U whose F is the least of some sums, in one mode: what the modes above are made of. */
  matched?: { face: Sum[]; upTo: number };
  /** What is left of its budget, where that may not suffice; of more the offer gives nothing. */
  limit: number;
  /** By how much the sums may be above what it gives, because roundings were taken as up. */
  roundings: number;
}

/** Undefined for offers that do not count pieces exactly, and where some of several pieces count by their price. */
export function leastSumsOf(
  contender: Contender,
  demand: Demand,
  pools: readonly Pool[],
  dialect: Dialect,
): LeastSums | undefined {
  const { offer } = contender;
  if (!isCounted(demand) || offer.onPieces.some((reward) => isByPrice(reward, offer))) return undefined;
  let modes: Sum[][] = [[constant(0)]];
  for (const reward of offer.onPieces) {
    const beside = modesOf(reward, offer, pools, dialect);
    modes = modes.flatMap((mode) => beside.map((other) => mode.flatMap((a) => other.map((b) => plus(a, b)))));
  }
  const { storeMatch } = offer.terms;
  let matched: LeastSums['matched'];
  if (storeMatch) {
    const upTo = Number(storeMatch.upToTotal);
    const [face, ...others] = modes;
    if (others.length === 0) matched = { face: face!, upTo };
    modes = modes.flatMap((mode) => [mode, [...mode.map((sum) => plus(sum, sum)), constant(upTo)]]);
  }
  const isRounded = demand.some(({ pools: wanted }) =>
    wanted.some((pool) => !isAlone(pools[pool]!.groups, pools)),
  );
  const roundings = isRounded ? offer.onPieces.length * offer.piecesMax * (storeMatch ? 2 : 1) : 0;
  return { modes, ...(matched && { matched }), limit: limitOf(contender, demand, pools), roundings };
}

/** What is left of a budget in money; Infinity where no choice of pieces comes to more. */
export function limitOf(
  { offer, coupon: { budget } }: Contender,
  demand: Demand,
  pools: readonly Pool[],
): number {
  const left = budget?.kind === 'spend' ? Number(budget.limit - budget.used) : Infinity;
  return left < Infinity && left < mostPossible(offer, demand, pools) ? left : Infinity;
}

function modesOf(
  reward: PieceReward,
  { onPieces, piecesMax }: PreparedOffer,
  pools: readonly Pool[],
  dialect: Dialect,
): Sum[][] {
  switch (reward.kind) {
    case 'amount-off':
      return [[constant(Number(reward.amount))]];
    case 'fixed-price': {
      const off: Sum = { fixed: -Number(reward.amount), each: ({ price }) => Number(price) };
      return onPieces.length > 1 ? [[off], [constant(0)]] : [[off]];
    }
    case 'percent-off': {
      const { on, rateBps, amountMax } = reward;
      const each = (pool: Pool, set: number) =>
        on?.kind === 'set' && on.set !== set ? 0 : fractionOfPiece(pool, rateBps, piecesMax, pools, dialect);
      return [[{ fixed: 0, each }, ...(amountMax === undefined ? [] : [constant(Number(amountMax))])]];
    }
  }
}

/** Whether it is on some of the pieces taken, by their price, and not on all. */
export function isByPrice(reward: PieceReward, { piecesMax }: Pick<PreparedOffer, 'piecesMax'>): boolean {
  const on = reward.kind === 'percent-off' ? reward.on : undefined;
  return on !== undefined && on.kind !== 'set' && on.quantity < piecesMax;
}

function constant(fixed: number): Sum {
  return { fixed, each: () => 0 };
}

function plus(a: Sum, b: Sum): Sum {
  return { fixed: a.fixed + b.fixed, each: (pool, set) => a.each(pool, set) + b.each(pool, set) };
}

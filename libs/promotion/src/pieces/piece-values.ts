import type { Contender } from '../contender.ts';
import type { Dialect } from '../dialect.ts';
import { portionPer } from '../lines/percent-off.ts';
import type { PieceReward, PreparedOffer } from '../prepare.ts';
import { isByPrice, limitOf } from './least-sums.ts';
import { isCounted, type Demand, type Pool } from './pools.ts';
import { matchOf } from './price.ts';

/**
 * The discount of an offer as an amount for being used and an amount for each piece. No choice of pieces gives
 * more; most rewards are exactly such a sum, others (the cheapest piece free, roundings that add up) fall short of it.
 */
export interface PieceValues {
  /** Whether it is hoped to be that sum, and not known to fall short of it. */
  isExact: boolean;
  /** Minor units; below zero for a fixed price. */
  fixed: number;
  /** Per required set: so many pieces exactly, worth so much by pool. */
  sets: { quantity: number; worthOf: Map<number, number> }[];
}

/** Undefined for offers that take more or fewer pieces, and for what is not bounded so simply. */
export function pieceValuesOf(
  contender: Contender,
  demand: Demand,
  pools: readonly Pool[],
  dialect: Dialect,
): PieceValues | undefined {
  const { offer } = contender;
  if (!isCounted(demand) || isFixedAmongOthers(offer) || limitOf(contender, demand, pools) < Infinity)
    return undefined;
  const isExact = !offer.onPieces.some((reward) => isByPrice(reward, offer));
  const all = offer.onPieces.map((reward) => worthOf(reward, offer, pools, dialect));
  const sets = demand.map(({ set, pools: positions }, at) => ({
    quantity: set.quantity,
    worthOf: new Map(
      positions.map((pool) => [pool, all.reduce((sum, { each }) => sum + each(pools[pool]!, at), 0)]),
    ),
  }));
  return { isExact, fixed: all.reduce((sum, { fixed }) => sum + fixed, 0), sets };
}

/** Nothing rather than less than nothing, where the price is not reached, is no sum beside other rewards. */
export function isFixedAmongOthers({ onPieces }: PreparedOffer): boolean {
  return onPieces.length > 1 && onPieces.some(({ kind }) => kind === 'fixed-price');
}

interface Worth {
  fixed: number;
  each: (pool: Pool, set: number) => number;
}

function worthOf(
  reward: PieceReward,
  { terms: { storeMatch }, piecesMax }: PreparedOffer,
  pools: readonly Pool[],
  dialect: Dialect,
): Worth {
  switch (reward.kind) {
    case 'amount-off':
      return { fixed: Number(reward.amount + matchOf(storeMatch, reward.amount)), each: () => 0 };
    case 'fixed-price': {
      const times = storeMatch ? 2 : 1;
      return { fixed: -times * Number(reward.amount), each: ({ price }) => times * Number(price) };
    }
    case 'percent-off': {
      const { on, rateBps } = reward;
      const times = storeMatch ? 2 : 1;
      if (on?.kind === 'cheapest' && on.quantity < piecesMax) {
        // The cheapest n of q pieces cost at most n/q of all; each may be rounded up by a half.
        const part = (times * on.quantity) / piecesMax;
        const rounding = rateBps < 10_000 ? 0.5 : 0;
        return { fixed: 0, each: ({ price }) => part * ((Number(price) * rateBps) / 10_000 + rounding) };
      }
      return {
        fixed: 0,
        each: (pool, set) =>
          on?.kind === 'set' && on.set !== set
            ? 0
            : times * portionOfPiece(pool, rateBps, piecesMax, pools, dialect),
      };
    }
  }
}

/**
 * What a percentage takes off one piece: rounded as the piece alone; up, where another piece of its line may be touched with it.
 *
 * @param touchedMax pieces that it takes something off
 */
export function portionOfPiece(
  { price, groups }: Pool,
  rateBps: number,
  touchedMax: number,
  pools: readonly Pool[],
  dialect: Dialect,
): number {
  if (dialect.percentRoundedPer === 'unit' || touchedMax === 1 || isAlone(groups, pools)) {
    return Number(portionPer(1, price, rateBps, dialect));
  }
  return Math.min(Number(price), Math.ceil((Number(price) * rateBps) / 10_000));
}

/**
 * The same where it need not be a whole number. A line of k such pieces is rounded by a half at most, which is a quarter for each of two
 * or more; one alone is rounded as it is; and none is rounded further than up.
 */
export function fractionOfPiece(
  pool: Pool,
  rateBps: number,
  touchedMax: number,
  pools: readonly Pool[],
  dialect: Dialect,
): number {
  const whole = portionOfPiece(pool, rateBps, touchedMax, pools, dialect);
  const alone = Number(portionPer(1, pool.price, rateBps, dialect));
  const quarterMore = (Number(pool.price) * rateBps) / 10_000 + 0.25;
  return Math.min(whole, Math.max(alone, quarterMore));
}

/** Whether the pieces have a line each for themselves, so that nothing is rounded together. */
export function isAlone(groups: Pool['groups'], pools: readonly Pool[]): boolean {
  return (
    piecesOfLines(
      groups.map(({ line }) => line),
      pools,
    ) === groups.length
  );
}

function piecesOfLines(lines: readonly number[], pools: readonly Pool[]): number {
  const groups = pools.flatMap((pool) => pool.groups);
  return groups.reduce((sum, { line, count }) => sum + (lines.includes(line) ? count : 0), 0);
}

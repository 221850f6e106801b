import type { Contender } from '../contender.ts';
import type { Dialect } from '../dialect.ts';
import { portionPer } from '../lines/percent-off.ts';
import type { PieceReward, PreparedOffer } from '../prepare.ts';
import type { Demand, Pool } from './pools.ts';
import { matchOf } from './price.ts';

/** An offer whose discount is an amount for being used, and an amount for each piece. */
export interface PieceValues {
  /** Minor units; below zero for a fixed price. */
  fixed: number;
  /** Per required set: so many pieces exactly, worth so much by pool. */
  sets: { quantity: number; worthOf: Map<number, number> }[];
}

/**
 * An offer as values of pieces; undefined where its discount is no such sum (the cheapest piece free, a cap that
 * may bind). Where roundings of one line may add up, the values are upper bounds.
 */
export function pieceValuesOf(
  { offer, coupon: { budget } }: Contender,
  demand: Demand,
  pools: readonly Pool[],
  dialect: Dialect,
): PieceValues | undefined {
  const [reward, another] = offer.onPieces;
  const isCounted = demand.every(
    ({ set }) => set.quantity === set.quantityMax && !set.spendMin && !set.measure,
  );
  if (!reward || another || !isCounted || budget?.kind === 'spend') return undefined;
  const worth = worthOfPiece(reward, offer, demand, pools, dialect);
  if (!worth) return undefined;
  const sets = demand.map(({ set, pools: positions }, at) => ({
    quantity: set.quantity,
    worthOf: new Map(positions.map((pool) => [pool, worth.each(pools[pool]!, at)])),
  }));
  return { fixed: worth.fixed, sets };
}

interface Worth {
  fixed: number;
  each: (pool: Pool, set: number) => number;
}

function worthOfPiece(
  reward: PieceReward,
  { terms: { storeMatch } }: PreparedOffer,
  demand: Demand,
  pools: readonly Pool[],
  dialect: Dialect,
): Worth | undefined {
  const isFloored = demand.some((wanted) => wanted.pools.some((at) => pools[at]!.groups.some(hasFloor)));
  if (reward.kind === 'amount-off') {
    const fixed = Number(reward.amount + matchOf(storeMatch, reward.amount));
    return fixed <= leastRoom(demand, pools) ? { fixed, each: () => 0 } : undefined;
  }
  if (storeMatch || isFloored) return undefined;
  if (reward.kind === 'fixed-price')
    return { fixed: -Number(reward.amount), each: ({ price }) => Number(price) };
  if (reward.on || reward.amountMax !== undefined) return undefined;
  return { fixed: 0, each: (pool) => portionOfPiece(pool, reward.rateBps, demand, pools, dialect) };
}

/** Rounded as the piece alone; up, where another piece of its line may be taken with it. */
function portionOfPiece(
  { price, groups }: Pool,
  rateBps: number,
  demand: Demand,
  pools: readonly Pool[],
  dialect: Dialect,
): number {
  const ofOne = Number(portionPer(1, price, rateBps, dialect));
  const quantity = demand.reduce((sum, { set }) => sum + set.quantity, 0);
  const isAlone =
    quantity === 1 ||
    piecesOfLines(
      groups.map(({ line }) => line),
      pools,
    ) === groups.length;
  if (isAlone || dialect.percentRoundedPer === 'unit') return ofOne;
  return Math.min(Number(price), Math.ceil((Number(price) * rateBps) / 10_000));
}

function piecesOfLines(lines: readonly number[], pools: readonly Pool[]): number {
  const groups = pools.flatMap((pool) => pool.groups);
  return groups.reduce((sum, { line, count }) => sum + (lines.includes(line) ? count : 0), 0);
}

function hasFloor({ room, price }: Pool['groups'][number]): boolean {
  return room < price;
}

/** What the pieces of least room take together: no choice of pieces takes less. */
function leastRoom(demand: Demand, pools: readonly Pool[]): number {
  return demand.reduce((sum, { set, pools: positions }) => {
    const rooms = positions.flatMap((at) => pools[at]!.groups).sort((a, b) => Number(a.room - b.room));
    let left = set.quantity;
    return rooms.reduce((worth, { room, count }) => {
      const taken = Math.min(count, left);
      left -= taken;
      return worth + Number(room) * taken;
    }, sum);
  }, 0);
}

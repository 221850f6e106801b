import type { Contender } from '../contender.ts';
import type { Dialect } from '../dialect.ts';
import type { PieceReward, PreparedOffer, PreparedSet } from '../prepare.ts';
import type { Demand, Pool } from './pools.ts';
import { limitOf } from './least-sums.ts';
import { isFixedAmongOthers, portionOfPiece } from './piece-values.ts';
import { matchOf } from './price.ts';
import { preferenceOf, scaleOf } from './preference.ts';

/** States of a ladder; beyond these the search by ways is faster. */
const STATES_MAX = 2_000;

/**
 * How a coupon comes from nothing to all that it requires, by pieces taken one by one, the dearest first. In that order
 * it is known of each piece whether it is one of the cheapest, so what is free depends on no other piece.
 */
export interface Ladder {
  /** Pieces held per state: the first state holds none, the last all that can be taken. */
  held: number[];
  /** Per state, whether it holds all that is required. */
  isWhole: boolean[];
  /** Per pool the steps that a piece of it allows, one for each required set that wants it. */
  steps: Map<number, LadderStep[]>;
  /** Ladders of which it is the same differ in nothing but the position of their coupon. */
  likeness: string;
}

/** Per state: where a piece leads (-1: nowhere), and what the coupon then gives more, scaled as in preference.ts. */
export interface LadderStep {
  to: Int32Array;
  gain: Float64Array;
}

/**
 * The ladder of an offer that counts pieces; undefined where spending, weights or a budget decide, or where it is not known
 * how many pieces the cheapest are the cheapest of. Gains add up to no less than what the offer gives, and to just that but
 * where roundings of a line, a maximum or a match join several pieces.
 *
 * @param position of the coupon, of so many
 * @param bonus added when all that is required is held, minor units
 */
export function ladderOf(
  contender: Contender,
  demand: Demand,
  pools: readonly Pool[],
  dialect: Dialect,
  { position, coupons, bonus = 0 }: { position: number; coupons: number; bonus?: number },
): Ladder | undefined {
  const { offer } = contender;
  const sets = demand.map(({ set }) => set);
  const isCounted = sets.every(({ spendMin, measure }) => !spendMin && !measure);
  const isOpen = sets.some(({ quantity, quantityMax }) => quantityMax > quantity);
  const isOnCheapest = offer.onPieces.some(
    (one) => one.kind === 'percent-off' && one.on?.kind === 'cheapest',
  );
  const size = sets.reduce((states, { quantityMax }) => states * (quantityMax + 1), 1);
  if (
    !isCounted ||
    size > STATES_MAX ||
    isFixedAmongOthers(offer) ||
    limitOf(contender, demand, pools) < Infinity ||
    (isOpen && isOnCheapest)
  )
    return undefined;

  const { counts, held, isWhole, strides } = statesOf(sets, size);
  const scale = scaleOf(coupons);
  const { fixed, each } = gainsOf(offer, pools, dialect);
  const whenWhole = (fixed + bonus) * scale + preferenceOf(position, coupons);
  const steps = new Map<number, LadderStep[]>();
  const likeness: unknown[] = [sets.map(({ quantity, quantityMax }) => [quantity, quantityMax]), fixed];
  for (const [set, { pools: positions }] of demand.entries()) {
    for (const pool of positions) {
      const step = { to: new Int32Array(size).fill(-1), gain: new Float64Array(size) };
      for (let state = 0; state < size; state++) {
        if (counts[state]![set] === sets[set]!.quantityMax) continue;
        const to = state + strides[set]!;
        const gain = each(pools[pool]!, set, held[state]!);
        step.to[state] = to;
        step.gain[state] = gain * scale + (isWhole[to] && !isWhole[state] ? whenWhole : 0);
        likeness.push(pool, state, gain);
      }
      steps.set(pool, [...(steps.get(pool) ?? []), step]);
    }
  }
  return { held, isWhole, steps, likeness: JSON.stringify(likeness) };
}

/** Per state the pieces held for each set, and in all; and how far apart states are that differ by a piece of a set. */
function statesOf(sets: readonly PreparedSet[], size: number) {
  const strides: number[] = [];
  let stride = 1;
  for (const { quantityMax } of sets) {
    strides.push(stride);
    stride *= quantityMax + 1;
  }
  const counts = Array.from({ length: size }, (_, state) =>
    sets.map(({ quantityMax }, set) => Math.floor(state / strides[set]!) % (quantityMax + 1)),
  );
  const held = counts.map((ofState) => ofState.reduce((sum, count) => sum + count, 0));
  const isWhole = counts.map((ofState) => ofState.every((count, set) => count >= sets[set]!.quantity));
  return { counts, held, isWhole, strides };
}

interface Gains {
  /** When all is held. */
  fixed: number;
  /** For a piece, taken for a set when so many are held. */
  each: (pool: Pool, set: number, held: number) => number;
}

function gainsOf(offer: PreparedOffer, pools: readonly Pool[], dialect: Dialect): Gains {
  const all = offer.onPieces.map((reward) => gainsOfReward(reward, offer, pools, dialect));
  return {
    fixed: all.reduce((sum, { fixed }) => sum + fixed, 0),
    each: (pool, set, held) => all.reduce((sum, { each }) => sum + each(pool, set, held), 0),
  };
}

function gainsOfReward(
  reward: PieceReward,
  { onPieces, terms: { storeMatch }, piecesMax }: PreparedOffer,
  pools: readonly Pool[],
  dialect: Dialect,
): Gains {
  const times = storeMatch ? 2 : 1;
  switch (reward.kind) {
    case 'amount-off':
      return { fixed: Number(reward.amount + matchOf(storeMatch, reward.amount)), each: () => 0 };
    case 'fixed-price':
      return { fixed: -times * Number(reward.amount), each: ({ price }) => times * Number(price) };
    case 'percent-off': {
      const { on, rateBps, amountMax } = reward;
      const touches = (set: number, held: number) => {
        if (on?.kind === 'cheapest') return held >= piecesMax - on.quantity;
        if (on?.kind === 'dearest') return held < on.quantity;
        return on === undefined || on.set === set;
      };
      const touchedMax = on && on.kind !== 'set' ? on.quantity : piecesMax;
      const each = (pool: Pool) => {
        const portion = portionOfPiece(pool, rateBps, touchedMax, pools, dialect);
        if (touchedMax > 1 || onPieces.length > 1) return times * portion;
        const face = BigInt(amountMax === undefined ? portion : Math.min(portion, Number(amountMax)));
        return Number(face + matchOf(storeMatch, face));
      };
      return { fixed: 0, each: (pool, set, held) => (touches(set, held) ? each(pool) : 0) };
    }
  }
}

import type { PreparedOffer } from '../prepare.ts';
import type { Dialect } from '../dialect.ts';
import type { Demand, Pool } from './pools.ts';
import { portionOfPiece } from './piece-values.ts';
import { matchOf } from './price.ts';
import { preferenceOf, scaleOf } from './preference.ts';

/**
 * How a coupon comes from nothing to all that it requires, by pieces taken one by one, the dearest first. In that order
 * it is known of each piece whether it is one of the cheapest, so what is free depends on no other piece.
 */
export interface Ladder {
  /** Pieces held per state: the first state holds none, the last all that are required. */
  held: number[];
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
 * The ladder of an offer that takes a number of pieces and has one reward. Gains add up to no less than what the offer
 * gives, and to just that but where roundings of a line, a maximum or a match join several pieces.
 *
 * @param position of the coupon, of so many
 */
export function ladderOf(
  offer: PreparedOffer,
  demand: Demand,
  pools: readonly Pool[],
  dialect: Dialect,
  position: number,
  coupons: number,
): Ladder {
  const quantities = demand.map(({ set }) => set.quantity);
  const strides = quantities.map((_, at) => product(quantities.slice(0, at)));
  const size = product(quantities);
  const heldOf = (state: number) =>
    quantities.map((most, at) => Math.floor(state / strides[at]!) % (most + 1));
  const held = Array.from({ length: size }, (_, state) =>
    heldOf(state).reduce((sum, count) => sum + count, 0),
  );
  const scale = scaleOf(coupons);
  const { fixed, each } = gainsOf(offer, pools, dialect);
  const atEnd = fixed * scale + preferenceOf(position, coupons);

  const steps = new Map<number, LadderStep[]>();
  const likeness: unknown[] = [quantities, fixed];
  for (const [set, { pools: positions }] of demand.entries()) {
    for (const pool of positions) {
      const step = { to: new Int32Array(size).fill(-1), gain: new Float64Array(size) };
      for (let state = 0; state < size; state++) {
        if (heldOf(state)[set]! === quantities[set]) continue;
        const to = state + strides[set]!;
        const gain = each(pools[pool]!, set, held[state]!);
        step.to[state] = to;
        step.gain[state] = gain * scale + (to === size - 1 ? atEnd : 0);
        likeness.push(pool, state, gain);
      }
      steps.set(pool, [...(steps.get(pool) ?? []), step]);
    }
  }
  return { held, steps, likeness: JSON.stringify(likeness) };
}

interface Gains {
  /** When all is held. */
  fixed: number;
  /** For a piece, taken for a set when so many are held. */
  each: (pool: Pool, set: number, held: number) => number;
}

function gainsOf(
  { onPieces, terms: { storeMatch }, piecesMax }: PreparedOffer,
  pools: readonly Pool[],
  dialect: Dialect,
): Gains {
  const reward = onPieces[0]!;
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
        if (touchedMax > 1) return times * portion;
        const face = BigInt(amountMax === undefined ? portion : Math.min(portion, Number(amountMax)));
        return Number(face + matchOf(storeMatch, face));
      };
      return { fixed: 0, each: (pool, set, held) => (touches(set, held) ? each(pool) : 0) };
    }
  }
}

function product(quantities: readonly number[]): number {
  return quantities.reduce((states, quantity) => states * (quantity + 1), 1);
}

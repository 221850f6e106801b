import type { LeastSums } from './least-sums.ts';
import type { Demand, Pool } from './pools.ts';

/** A choice of pieces that satisfies a coupon: their pools, by place (see `Hands.setAt`). */
export type Pieces = readonly number[];

/** A mode of a coupon in tables. */
export interface Mode {
  /** Per sum; what a budget suffices for, where it may not, is the last, and no more than a bound. */
  fixed: number[];
  /** Per set, sum and pool, what a piece adds; -Infinity: it is not wanted. */
  worth: Float64Array[][];
  /** Per sum, in all 1. The sums so weighted come to no less than the least of them; chosen to come close to it. */
  weights: number[];
}

/** Of what a budget does not suffice for, how much is taken off at least, so that a search finds back. */
const BEYOND_LIMIT = 0.1;

/** What a coupon gives on any pieces. */
export class Hands {
  readonly modes: Mode[];
  readonly limit: number;
  /** By how much a sum may be above what is given. */
  readonly roundings: number;
  /** Per set the pools that it wants, and how many pieces. */
  readonly sets: { wanted: readonly number[]; quantity: number }[];
  /** Per place, which is a piece that is required, the set it is for. */
  readonly setAt: number[];

  constructor({ modes, limit, roundings }: LeastSums, demand: Demand, pools: readonly Pool[]) {
    this.limit = limit;
    this.roundings = roundings;
    this.sets = demand.map(({ set, pools: wanted }) => ({ wanted, quantity: set.quantity }));
    this.setAt = this.sets.flatMap(({ quantity }, set) => Array<number>(quantity).fill(set));
    const limits = limit < Infinity ? [{ fixed: limit, each: () => 0 }] : [];
    this.modes = modes
      .map((counted) => [...counted, ...limits])
      .map((sums) => ({
        fixed: sums.map(({ fixed }) => fixed),
        weights: sums.map(() => 1 / sums.length),
        worth: this.sets.map(({ wanted }, set) =>
          sums.map(({ each }) => {
            const ofSum = new Float64Array(pools.length).fill(-Infinity);
            for (const pool of wanted) ofSum[pool] = each(pools[pool]!, set);
            return ofSum;
          }),
        ),
      }));
  }

  wantedAt(place: number): readonly number[] {
    return this.sets[this.setAt[place]!]!.wanted;
  }

  canTake(place: number, pool: number): boolean {
    return this.modes[0]!.worth[this.setAt[place]!]![0]![pool]! > -Infinity;
  }

  /** What the pieces give; beyond the budget less, the further it is. */
  valueOf(pieces: Pieces): number {
    let most = 0;
    for (const mode of this.modes) most = Math.max(most, this.valueIn(mode, pieces));
    return most > this.limit ? Math.max(0, (2 - BEYOND_LIMIT) * this.limit - most) : most;
  }

  /** The position of the mode in which the pieces give most. */
  modeOf(pieces: Pieces): number {
    const values = this.modes.map((mode) => this.valueIn(mode, pieces));
    return values.indexOf(Math.max(...values));
  }

  /** How many sums of a mode say what is given. */
  countOf({ fixed }: Mode): number {
    return this.limit < Infinity ? fixed.length - 1 : fixed.length;
  }

  private valueIn(mode: Mode, pieces: Pieces): number {
    const { fixed, worth } = mode;
    let least = Infinity;
    for (let sum = 0; sum < this.countOf(mode); sum++) {
      let value = fixed[sum]!;
      for (let place = 0; place < pieces.length; place++) {
        value += worth[this.setAt[place]!]![sum]![pieces[place]!]!;
      }
      if (value < least) least = value;
    }
    return least;
  }
}

import type { Steps } from '../steps.ts';
import type { Ladder, LadderStep } from './ladder.ts';

/** A piece that can be taken, and the coupons that want it with their steps; dearest piece first. */
export interface Rung {
  pool: number;
  wanted: { coupon: number; step: LadderStep }[];
}

/** Rounds without a better bound, after which steps are halved. */
const PATIENCE = 15;

/** Steps that a round counts as. */
const STEPS_PER_ROUND = 100;

/** Of the direction of the round before, how much is kept: without it the steps go to and fro. */
const MOMENTUM = 0.3;

/** What is known when some pieces were dealt out: how many, and what each coupon holds. */
export interface Standing {
  /** Rungs decided. */
  at: number;
  /** Pieces that nobody got. */
  wasted: number;
  /** Per coupon. */
  states: ArrayLike<number>;
  /** Given so far. */
  total: number;
}

/**
 * Prices of pieces, and tolls on coupons that have all they require, which bound what coupons can still give.
 *
 * Two facts are relaxed (Lagrange). A piece serves one coupon: whoever takes it pays its price, and all prices are added to
 * the bound. And as each coupon takes `piecesMin` pieces at least, no more than floor(n / piecesMin) have all they require
 * after n pieces: from then on each of them pays a toll per piece, and so many tolls are added. Without tolls the bound is
 * loose where a dozen coupons want the same pieces. At given prices every coupon climbs for itself, which is solved exactly.
 */
export class LadderPrices {
  prices: Float64Array;
  tolls: Float64Array;
  /** Per coupon, rung and state: see `gainOf`. */
  private readonly gains: Float64Array[];
  private readonly sizes: number[];
  /** Sum of the prices from a rung on. */
  private readonly pricesFrom: Float64Array;
  /** Per rung and pieces wasted before it, the tolls added from there on. */
  private readonly tollsFrom: Float64Array;
  private readonly piecesMin: number;
  /** Per coupon, the states that hold all that is required. */
  private readonly whole: number[][];
  /** Where one piece is enough for a coupon, tolls say nothing. */
  readonly canToll: boolean;

  constructor(
    private readonly rungs: readonly Rung[],
    private readonly ladders: readonly Ladder[],
  ) {
    this.prices = new Float64Array(rungs.length);
    this.tolls = new Float64Array(rungs.length);
    this.sizes = ladders.map(({ held }) => held.length);
    this.gains = this.sizes.map((size) => new Float64Array((rungs.length + 1) * size));
    this.pricesFrom = new Float64Array(rungs.length + 1);
    this.tollsFrom = new Float64Array((rungs.length + 1) ** 2);
    this.whole = ladders.map(({ isWhole }) => [...isWhole.keys()].filter((state) => isWhole[state]));
    this.piecesMin = Math.min(...ladders.map(({ held }, coupon) => held[this.whole[coupon]![0]!]!));
    this.canToll = this.piecesMin > 1;
    // Who began and never holds all gives nothing: such a deal counts as the one in which nobody got those pieces.
    for (const [coupon, { isWhole, held }] of ladders.entries()) {
      const last = rungs.length * held.length;
      isWhole.forEach((isDone, state) => {
        if (state > 0 && !isDone) this.gains[coupon]![last + state] = -Infinity;
      });
    }
    this.tabulate(0);
  }

  /** Goes back to prices and tolls that were good for the beginning. */
  reset({ prices, tolls }: Pick<LadderPrices, 'prices' | 'tolls'>): void {
    this.prices = prices;
    this.tolls = tolls;
    this.tabulate(0);
  }

  /** What the coupons give in all at most. */
  boundOf({ at, wasted, states, total }: Standing): number {
    let bound = total + this.shared(at, wasted);
    for (let coupon = 0; coupon < this.sizes.length; coupon++)
      bound += this.gainOf(coupon, at, states[coupon]!);
    return bound;
  }

  /** What a coupon gains at most from a rung on, after prices and tolls; -Infinity: it can no longer hold all. */
  gainOf(coupon: number, at: number, state: number): number {
    return this.gains[coupon]![at * this.sizes[coupon]! + state]!;
  }

  /** The part of the bound that no coupon's state changes. */
  shared(at: number, wasted: number): number {
    return this.pricesFrom[at]! + this.tollsFrom[at * (this.rungs.length + 1) + wasted]!;
  }

  /**
   * Looks for prices and tolls with a lower bound from a standing on, by subgradient steps.
   *
   * @param target what can be reached, or is hoped to be
   * @param withTolls else they stay as they are
   * @param stride of the first step; 1 is the distance to the target
   */
  lower(
    standing: Standing,
    {
      rounds,
      target,
      withTolls,
      stride: firstStride,
      steps,
    }: {
      rounds: number;
      target: (bound: number) => number;
      withTolls: boolean;
      stride: number;
      steps: Steps;
    },
  ): void {
    const { at: from } = standing;
    const { length } = this.rungs;
    let best = { bound: Infinity, prices: this.prices, tolls: this.tolls };
    let stride = firstStride;
    let roundsSinceBest = 0;
    const priceWay = new Float64Array(length);
    const tollWay = new Float64Array(length);
    for (let round = 0; round < rounds; round++) {
      this.tabulate(from);
      const bound = this.boundOf(standing);
      roundsSinceBest++;
      if (bound < best.bound) {
        if (bound < best.bound * (1 - 1e-5)) roundsSinceBest = 0;
        best = { bound, prices: this.prices, tolls: this.tolls };
      }
      const goal = target(best.bound);
      if (best.bound <= goal || stride < 2e-3 || steps.spend(STEPS_PER_ROUND)) break;
      if (roundsSinceBest > PATIENCE) {
        stride /= 1.6;
        roundsSinceBest = 0;
        priceWay.fill(0);
        tollWay.fill(0);
        ({ prices: this.prices, tolls: this.tolls } = best);
        this.tabulate(from);
      }
      const spare = this.spareAt(standing);
      let steepness = 0;
      for (let at = from; at < length; at++) {
        priceWay[at] = direction(spare.pieces[at]!, priceWay[at]!, this.prices[at]!);
        tollWay[at] = withTolls ? direction(spare.ends[at]!, tollWay[at]!, this.tolls[at]!) : 0;
        steepness += priceWay[at]! ** 2 + tollWay[at]! ** 2;
      }
      if (steepness === 0) break;
      const step = (stride * (bound - goal)) / steepness;
      this.prices = this.prices.map((price, at) => Math.max(0, price - step * priceWay[at]!));
      this.tolls = this.tolls.map((toll, at) => Math.max(0, toll - step * tollWay[at]!));
    }
    ({ prices: this.prices, tolls: this.tolls } = best);
    this.tabulate(from);
  }

  /** Per rung from the standing on, pieces and ends left over (below zero: missing) if every coupon climbs for itself. */
  private spareAt({ at: from, wasted, states }: Standing): { pieces: Float64Array; ends: Float64Array } {
    const { length } = this.rungs;
    const pieces = new Float64Array(length).fill(1);
    const ends = new Float64Array(length);
    const at = Array.from(states);
    const isWhole = (coupon: number) => this.ladders[coupon]!.isWhole[at[coupon]!];
    for (let rung = from; rung < length; rung++) {
      let taker = -1;
      for (const { coupon, step } of this.rungs[rung]!.wanted) {
        const to = coupon === taker ? -1 : this.climbs(coupon, step, rung, at[coupon]!);
        if (to < 0) continue;
        taker = coupon;
        at[coupon] = to;
        pieces[rung] = pieces[rung]! - 1;
      }
      ends[rung] =
        this.endsMax(rung, wasted) - this.ladders.reduce((sum, _, one) => sum + (isWhole(one) ? 1 : 0), 0);
    }
    return { pieces, ends };
  }

  /** Where a coupon goes that gains most by taking a piece; -1 if it does not. */
  private climbs(coupon: number, { to, gain }: LadderStep, rung: number, state: number): number {
    const size = this.sizes[coupon]!;
    const next = to[state]!;
    if (next < 0) return -1;
    const gains = this.gains[coupon]!;
    const here = rung * size;
    const taking =
      gain[state]! - this.prices[rung]! + gains[here + size + next]! - this.tollOf(coupon, next, rung);
    return taking === gains[here + state] && taking !== gains[here + size + state] ? next : -1;
  }

  /** Coupons that can have all they require after a rung. */
  private endsMax(rung: number, wasted: number): number {
    return Math.floor((rung + 1 - wasted) / this.piecesMin);
  }

  /** Who has all that it requires pays once the piece of a rung is dealt. */
  private tollOf(coupon: number, state: number, rung: number): number {
    return this.ladders[coupon]!.isWhole[state] ? this.tolls[rung]! : 0;
  }

  /** Fills the tables for the rungs from `from` on, the last first. */
  private tabulate(from: number): void {
    const { length } = this.rungs;
    for (let rung = length - 1; rung >= from; rung--) {
      this.pricesFrom[rung] = this.pricesFrom[rung + 1]! + this.prices[rung]!;
      const row = rung * (length + 1);
      const toll = this.tolls[rung]!;
      for (let wasted = 0; wasted <= rung; wasted++) {
        this.tollsFrom[row + wasted] =
          this.tollsFrom[row + length + 1 + wasted]! + toll * this.endsMax(rung, wasted);
      }
      for (const [coupon, gains] of this.gains.entries()) {
        const size = this.sizes[coupon]!;
        gains.copyWithin(rung * size, (rung + 1) * size, (rung + 2) * size);
        for (const state of this.whole[coupon]!)
          gains[rung * size + state] = gains[rung * size + state]! - toll;
      }
      for (const { coupon, step } of this.rungs[rung]!.wanted) this.tabulateStep(coupon, step, rung);
    }
  }

  private tabulateStep(coupon: number, { to, gain }: LadderStep, rung: number): void {
    const size = this.sizes[coupon]!;
    const gains = this.gains[coupon]!;
    const here = rung * size;
    const price = this.prices[rung]!;
    for (let state = 0; state < size; state++) {
      const next = to[state]!;
      if (next < 0) continue;
      const taking = gain[state]! - price + gains[here + size + next]! - this.tollOf(coupon, next, rung);
      if (taking > gains[here + state]!) gains[here + state] = taking;
    }
  }
}

function direction(spare: number, before: number, price: number): number {
  const way = spare + MOMENTUM * before;
  return way > 0 && price === 0 ? 0 : way; // What costs nothing becomes no cheaper.
}

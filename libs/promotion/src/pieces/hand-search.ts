import type { Effort } from '../rules.ts';
import { Steps } from '../steps.ts';
import type { Offered } from './cover.ts';
import { cover } from './cover.ts';
import { pricesOf } from './hand-prices.ts';
import type { Hands, Pieces } from './hands.ts';
import { redealPairs } from './redeal-pairs.ts';
import { swapPieces } from './swap-pieces.ts';
import type { PricedPieces } from './worthwhile-hands.ts';
import { bestPieces, piecesFrom } from './worthwhile-hands.ts';

/** Choices of one coupon in one mode that are worth a look; where there are more, nothing is proven. */
const CHOICES_MAX = 20_000;

/** Looks at choices per step of the search. */
const LOOKS_PER_STEP = 100;

/** Choices priced exactly per step. */
const PRICED_PER_STEP = 5;

/** See `Steps`. */
const STEPS_PER_ASK = 5;

/** Of a mean discount, how hot swapping begins: it goes on from one to the next, and from the start for every seed. */
const HEATS = [0.3, 0.1, 0.02];
const SEEDS = 4;

/** Of a bound, so much may be what floating point added. */
const LOST = 1e-6;

/** A mode that a coupon may be in, and what it gains in it at most. */
interface Allowed {
  mode: number;
  gain: number;
}

/**
 * The best deal of coupons whose discounts are the least of sums.
 *
 * Prices of pieces bound what all can give (`hand-prices.ts`); swapping pieces finds a deal that mostly reaches the bound. Where
 * it does not: a coupon of which another mode gains more at these prices is tried in each. When none is left, a deal that is better
 * than the best known is made of choices that gain nearly the most at the prices, and these are few (`cover.ts`).
 */
export class HandSearch {
  private best: { chosen: readonly (Pieces | undefined)[]; total: number };
  private open = -Infinity;
  private readonly steps: Steps;
  private readonly isOver: () => boolean;

  /**
   * @param worthOf what a coupon gives on pieces, exactly
   * @param effort its steps are rows of assignments, and hundreds of looks at choices
   */
  constructor(
    private readonly coupons: readonly Hands[],
    private readonly capacity: readonly number[],
    private readonly worthOf: (coupon: number, pieces: Pieces) => number,
    { stepsMax, isOver }: Effort,
  ) {
    this.isOver = isOver;
    this.steps = new Steps(stepsMax, isOver, STEPS_PER_ASK);
    this.best = { chosen: coupons.map(() => undefined), total: 0 };
  }

  /** @returns per coupon its pieces, what they come to, and what no deal exceeds; minor units */
  run(): { chosen: readonly (Pieces | undefined)[]; total: number; totalMax: number } {
    const { coupons } = this;
    const all = coupons.map(({ modes }) => [...modes.keys()]);
    this.chooseInTurn(new Float64Array(this.capacity.length));
    this.swap(Infinity, 1);
    const picked = coupons.map((coupon, at) => {
      const pieces = this.best.chosen[at];
      return pieces ? coupon.modeOf(pieces) : 0;
    });
    this.visit(all, picked, Infinity);
    return { ...this.best, totalMax: Math.max(this.best.total, wholeUnits(this.open)) };
  }

  /** @param modes per coupon those it may be in, and of these the one that the prices are for */
  private visit(modes: readonly (readonly number[])[], picked: readonly number[], boundBefore: number): void {
    if (this.steps.isEnded && boundBefore < Infinity) {
      this.open = Math.max(this.open, boundBefore);
      return;
    }
    const { coupons, capacity } = this;
    const inModes = coupons.map((coupon, at) => coupon.modes[picked[at]!]!);
    const { prices } = pricesOf(coupons, inModes, capacity, this.best.total, this.steps);
    const all = coupons.map((coupon, at) => modes[at]!.map((mode) => this.allowed(coupon, mode, prices)));
    const gains = all.map((ofCoupon) => Math.max(0, ...ofCoupon.map(({ gain }) => gain)));
    const sold = capacity.reduce((sum, count, pool) => sum + count * prices[pool]!, 0);
    const boundHere = gains.reduce((sum, gain) => sum + gain, sold);
    const bound = Math.min(boundBefore, boundHere);
    if (wholeUnits(bound) > this.best.total) this.chooseInTurn(prices);
    if (wholeUnits(bound) > this.best.total && boundBefore === Infinity) this.swap(wholeUnits(bound), SEEDS);
    if (wholeUnits(bound) <= this.best.total) return;

    const room = boundHere + LOST - (this.best.total + 1);
    const kept = all.map((ofCoupon, at) => ofCoupon.filter(({ gain }) => gains[at]! - gain <= room));
    const { coupon, others } = mostUndecided(kept, picked);
    const keptModes = kept.map((ofCoupon) => ofCoupon.map(({ mode }) => mode));
    if (coupon === undefined)
      return this.proveFrom(keptModes, { prices, gains, boundHere }, wholeUnits(bound));
    const isPickedKept = keptModes[coupon]!.includes(picked[coupon]!);
    const next = others.reduce((a, b) => (b.gain > a.gain ? b : a)).mode;
    this.visit(
      keptModes.with(
        coupon,
        others.map(({ mode }) => mode),
      ),
      picked.with(coupon, next),
      bound,
    );
    if (isPickedKept) this.visit(keptModes.with(coupon, [picked[coupon]!]), picked, bound);
  }

  private allowed(coupon: Hands, mode: number, prices: ArrayLike<number>): Allowed {
    return {
      mode,
      gain: bestPieces(coupon, coupon.modes[mode]!, prices, this.capacity, this.isOver).gainMax,
    };
  }

  /** Looks for a better deal among the choices that gain nearly the most, those of a low loss first. */
  private proveFrom(
    modes: readonly (readonly number[])[],
    { prices, gains, boundHere }: { prices: Float64Array; gains: readonly number[]; boundHere: number },
    boundBefore: number,
  ): void {
    let most = boundBefore;
    for (let below = 0; most > this.best.total; below = 2 * below + 1) {
      const target = Math.max(this.best.total + 1, most - below);
      const slack = boundHere - target + LOST;
      const offered = this.offeredAt(modes, prices, gains, slack);
      const look = (looks: number) => this.steps.spend(looks / LOOKS_PER_STEP);
      const found = offered ? cover(offered, { unused: gains, prices }, this.capacity, slack, look) : 'ended';
      if (found === 'ended') {
        this.open = Math.max(this.open, most);
        return;
      }
      if (found === 'none') most = target - 1;
      else this.consider(this.coupons.map((_, at) => found.find(({ coupon }) => coupon === at)?.pieces));
    }
  }

  /** Choices that lose no more than the slack; undefined if they are too many. */
  private offeredAt(
    modes: readonly (readonly number[])[],
    prices: Float64Array,
    gains: readonly number[],
    slack: number,
  ): Offered[] | undefined {
    const offered: Offered[] = [];
    for (const [at, coupon] of this.coupons.entries()) {
      for (const mode of modes[at]!) {
        const gainMin = gains[at]! - slack;
        const found = piecesFrom(coupon, coupon.modes[mode]!, prices, this.capacity, {
          gainMin,
          countMax: CHOICES_MAX,
          isOver: this.isOver,
        });
        if (!found || this.steps.spend(found.length / PRICED_PER_STEP)) return undefined;
        for (const { pieces } of found) {
          const cost = pieces.reduce((sum, pool) => sum + prices[pool]!, 0);
          const loss = gains[at]! - (this.worthOf(at, pieces) - cost);
          if (loss <= slack) offered.push({ coupon: at, pieces, loss: Math.max(0, loss) });
        }
      }
    }
    return offered.sort((a, b) => a.loss - b.loss);
  }

  /** Each coupon the best of what is left at these prices, who gains most first; then at no prices. */
  private chooseInTurn(prices: ArrayLike<number>): void {
    const left = [...this.capacity];
    const chosen: (Pieces | undefined)[] = this.coupons.map(() => undefined);
    for (const at of [prices, new Float64Array(left.length)]) {
      const waiting = [...this.coupons.keys()].filter((coupon) => !chosen[coupon]);
      const gainOf = new Map(waiting.map((coupon) => [coupon, this.bestOf(coupon, at, left)?.gain ?? 0]));
      for (const coupon of waiting.sort((a, b) => gainOf.get(b)! - gainOf.get(a)!)) {
        const best = this.bestOf(coupon, at, left);
        for (const pool of best?.pieces ?? []) left[pool]!--;
        chosen[coupon] = best?.pieces;
      }
    }
    this.consider(chosen);
  }

  private bestOf(at: number, prices: ArrayLike<number>, left: ArrayLike<number>): PricedPieces | undefined {
    const coupon = this.coupons[at]!;
    let found: PricedPieces | undefined;
    for (const mode of coupon.modes)
      found = bestPieces(coupon, mode, prices, left, this.isOver, found?.gain).best ?? found;
    return found;
  }

  private swap(target: number, seeds: number): void {
    const { isOver } = this;
    const start = this.best.chosen;
    for (let seed = 1; seed <= seeds; seed++) {
      let chosen = start;
      for (const share of HEATS) {
        if (this.best.total >= target || isOver()) return;
        const heat = (share * this.best.total) / this.coupons.length;
        chosen = swapPieces(this.coupons, this.capacity, chosen, { target, heat, seed, isOver });
        this.consider(chosen);
      }
      if (target < Infinity && this.best.total < target)
        this.consider(redealPairs(this.coupons, this.capacity, chosen, { target, isOver }));
    }
  }

  private consider(chosen: readonly (Pieces | undefined)[]): void {
    const worth = chosen.map((pieces, at) => (pieces ? this.worthOf(at, pieces) : 0));
    const total = worth.reduce((sum, one) => sum + one, 0);
    if (total > this.best.total) {
      this.best = { chosen: chosen.map((pieces, at) => (worth[at]! > 0 ? pieces : undefined)), total };
    }
  }
}

/** The coupon that gains most more in another mode than the one picked, and its other modes; none: all are in the best. */
function mostUndecided(
  kept: readonly (readonly Allowed[])[],
  picked: readonly number[],
): { coupon?: number; others: readonly Allowed[] } {
  let most = 0;
  let found: { coupon?: number; others: readonly Allowed[] } = { others: [] };
  for (const [coupon, ofCoupon] of kept.entries()) {
    const gainPicked = ofCoupon.find(({ mode }) => mode === picked[coupon])?.gain ?? 0;
    const others = ofCoupon.filter(({ mode }) => mode !== picked[coupon]);
    const more = Math.max(0, ...others.map(({ gain }) => gain)) - gainPicked;
    if (more > most + 0.05) [most, found] = [more, { coupon, others }];
  }
  return found;
}

function wholeUnits(bound: number): number {
  return Math.floor(bound + LOST);
}

import type { Effort } from '../rules.ts';
import { Steps } from '../steps.ts';
import type { Ladder } from './ladder.ts';
import { LadderLayer } from './ladder-layer.ts';
import type { Rung, Standing } from './ladder-prices.ts';
import { LadderPrices } from './ladder-prices.ts';

/** Entries of a layer kept for some deal at all, which takes no time; then for a good one; and how many times more when that proves nothing. */
const NARROW = 5;
const WIDTH = 60;
const WIDER = 12;

/** A layer of so many entries is worth a look for better prices, some layers after the last one. */
const CROWD = 2_000;
const LAYERS_BETWEEN = 4;
const LOOKS = 4;

/** See `Steps`. */
const STEPS_PER_ASK = 150;

/** Totals are whole numbers; of a bound, so much may be what floating point added. */
const LOST = 1e-12;

/** The best found, what no deal exceeds (both scaled), and who took which piece: pairs of rung and coupon. */
export interface LadderResult {
  total: number;
  totalMax: number;
  takers: [number, number][];
}

/**
 * Deals out pieces the dearest first, each to one of the coupons that want it or to nobody. Deals after which all coupons
 * hold as much are one entry of a layer; one that prices and tolls prove to be no better than the best known is
 * dropped. At first few entries are kept per layer, for a good deal early, then more, until none was left out that
 * could be better.
 */
export class LadderSearch {
  private readonly prices: LadderPrices;
  private readonly withTolls: boolean;
  /** Per coupon, what a state more adds to the key of an entry. */
  private readonly radixOf: number[] = [];
  /** Per coupon, the one before it that is just like it; -1: none. */
  private readonly twinOf: number[];
  private readonly start: Standing;
  private best: { total: number; takers: [number, number][] } = { total: 0, takers: [] };
  /** Of every deal the one before it, and the rung and coupon of the piece; the first is of nothing. */
  private before: number[] = [];
  private taken: number[] = [];
  private readonly steps: Steps;

  constructor(
    private readonly rungs: readonly Rung[],
    private readonly ladders: readonly Ladder[],
    { stepsMax, isOver }: Effort,
  ) {
    this.steps = new Steps(stepsMax, isOver, STEPS_PER_ASK);
    this.prices = new LadderPrices(rungs, ladders);
    this.withTolls = this.prices.canToll;
    ladders.reduce((radix, { held }, coupon) => {
      this.radixOf[coupon] = radix;
      return radix * held.length;
    }, 1);
    this.twinOf = twinsOf(ladders);
    this.start = { at: 0, wasted: 0, states: ladders.map(() => 0), total: 0 };
  }

  run(): LadderResult {
    const { steps } = this;
    const hoped = (bound: number) => Math.max(this.best.total, bound * 0.985);
    this.prices.lower(this.start, { rounds: 150, target: hoped, withTolls: false, stride: 1, steps });
    let totalMax = Math.min(this.prices.boundOf(this.start), this.goThrough(NARROW, true));
    for (let width = WIDTH; totalMax >= this.best.total + 1 && !steps.isEnded; width *= WIDER) {
      const found = { prices: this.prices.prices, tolls: this.prices.tolls };
      totalMax = Math.min(totalMax, this.goThrough(width));
      if (totalMax < this.best.total + 1 || steps.isEnded) break;
      this.prices.reset(found);
      const target = () => this.best.total;
      const { withTolls } = this;
      this.prices.lower(this.start, { rounds: 1_000, target, withTolls, stride: 1, steps });
      totalMax = Math.min(totalMax, this.prices.boundOf(this.start));
    }
    return { ...this.best, totalMax: Math.max(this.best.total, totalMax) };
  }

  /** @param isWhole goes to the end in any case; @returns what no deal exceeds, the best one found apart */
  private goThrough(width: number, isWhole = false): number {
    const { length } = this.ladders;
    let [layer, next] = [new LadderLayer(length), new LadderLayer(length)];
    layer.put(0, 0, Infinity, 0, new Uint16Array(length));
    this.before = [-1];
    this.taken = [-1];
    let open = -Infinity;
    let thinnedAt = 0;
    for (let at = 0; at < this.rungs.length; at++) {
      if (layer.count > CROWD && at >= thinnedAt + LAYERS_BETWEEN) {
        this.thin(layer, at);
        thinnedAt = at;
      }
      for (let entry = 0; entry < layer.count; entry++) {
        if (this.steps.isEnded && !isWhole) return Math.max(open, layer.boundMax(entry), next.boundMax(0));
        this.deal(layer, entry, next, at);
      }
      open = Math.max(open, next.keepBest(width));
      [layer, next] = [next, layer];
      next.clear();
    }
    for (let entry = 0; entry < layer.count; entry++) {
      const total = layer.totals[entry]!;
      if (total > this.best.total) this.best = { total, takers: this.takersOf(layer.deals[entry]!) };
    }
    return open;
  }

  /** The piece of a rung to whoever wants it, or to nobody. */
  private deal(layer: LadderLayer, entry: number, next: LadderLayer, at: number): void {
    this.steps.spend();
    const states = layer.statesOf(entry);
    const key = layer.keyOf(entry);
    const total = layer.totals[entry]!;
    const boundMax = layer.bounds[entry]!;
    const wasted = layer.wasted[entry]!;
    const deal = layer.deals[entry]!;
    let gains = 0;
    let lost = -1; // Whom this piece alone can still complete; nobody else may take it then.
    for (let coupon = 0; coupon < states.length; coupon++) {
      const gain = this.prices.gainOf(coupon, at + 1, states[coupon]!);
      if (gain > -Infinity) gains += gain;
      else if (lost < 0) lost = coupon;
      else return;
    }
    const skipping = Math.min(boundMax, total + gains + this.prices.shared(at + 1, wasted + 1));
    if (lost < 0 && this.isWorthwhile(skipping)) {
      const to = next.put(key, total, skipping, wasted + 1, states);
      if (to >= 0) next.deals[to] = deal;
    }
    const shared = this.prices.shared(at + 1, wasted);
    for (const { coupon, step } of this.rungs[at]!.wanted) {
      if (lost >= 0 && coupon !== lost) continue;
      const state = states[coupon]!;
      const twin = this.twinOf[coupon]!;
      const to = step.to[state]!;
      if (to < 0 || (twin >= 0 && states[twin] === state)) continue;
      const others = lost < 0 ? gains - this.prices.gainOf(coupon, at + 1, state) : gains;
      const after = total + step.gain[state]!;
      const bound = Math.min(boundMax, after + others + this.prices.gainOf(coupon, at + 1, to) + shared);
      if (!this.isWorthwhile(bound)) continue;
      this.steps.spend();
      const put = next.put(key + (to - state) * this.radixOf[coupon]!, after, bound, wasted, states);
      if (put < 0) continue;
      next.statesOf(put)[coupon] = to;
      next.deals[put] = this.before.push(deal) - 1;
      this.taken.push(at * this.ladders.length + coupon);
    }
  }

  /** Prices that are good for the beginning are not the best later: finds some that are good for the most promising entries. */
  private thin(layer: LadderLayer, at: number): void {
    const { withTolls, steps } = this;
    for (let look = 0; look < LOOKS; look++) {
      if (layer.count <= CROWD) return;
      const standing = standingOf(layer, this.mostPromising(layer), at);
      const target = () => this.best.total;
      this.prices.lower(standing, { rounds: 100, target, withTolls, stride: 0.5, steps });
      for (let one = 0; one < layer.count; one++) {
        const bound = this.prices.boundOf(standingOf(layer, one, at));
        if (bound < layer.bounds[one]!) layer.bounds[one] = bound;
      }
      layer.keepFrom((this.best.total + 1) / (1 + LOST));
    }
  }

  private mostPromising({ count, bounds }: LadderLayer): number {
    let most = -1;
    for (let entry = 0; entry < count; entry++) if (most < 0 || bounds[entry]! > bounds[most]!) most = entry;
    return most;
  }

  private isWorthwhile(bound: number): boolean {
    return bound + LOST * bound >= this.best.total + 1;
  }

  /** Who took which piece, down to a deal. */
  private takersOf(last: number): [number, number][] {
    const takers: [number, number][] = [];
    for (let deal = last; deal > 0; deal = this.before[deal]!) {
      const taken = this.taken[deal]!;
      const coupon = taken % this.ladders.length;
      takers.push([(taken - coupon) / this.ladders.length, coupon]);
    }
    return takers;
  }
}

function standingOf(layer: LadderLayer, entry: number, at: number): Standing {
  return {
    at,
    wasted: layer.wasted[entry]!,
    states: layer.statesOf(entry),
    total: layer.totals[entry]!,
  };
}

function twinsOf(ladders: readonly Ladder[]): number[] {
  const last = new Map<string, number>();
  return ladders.map(({ likeness }, coupon) => {
    const twin = last.get(likeness) ?? -1;
    last.set(likeness, coupon);
    return twin;
  });
}

/** What a unit given counts beside a unit of bound: enough to tell apart what is bounded alike. */
const TIE = 1e-3;

/** Ways to have dealt out the same pieces, told apart by what each coupon holds; of those alike the best is kept. */
export class LadderLayer {
  count = 0;
  private room = 0;
  private keys = new Float64Array(0);
  private slots = new Int32Array(0);
  /** Per entry: given so far, the bound of what follows included, and who got the last piece (see `Deals`). */
  totals = new Float64Array(0);
  bounds = new Float64Array(0);
  deals = new Int32Array(0);
  wasted = new Uint16Array(0);
  /** Per entry and coupon. */
  private states = new Uint16Array(0);

  constructor(private readonly coupons: number) {
    this.grow(64);
  }

  clear(): void {
    this.count = 0;
    this.slots.fill(-1);
  }

  statesOf(entry: number): Uint16Array {
    return this.states.subarray(entry * this.coupons, (entry + 1) * this.coupons);
  }

  keyOf(entry: number): number {
    return this.keys[entry]!;
  }

  /**
   * The entry of a key, if it is new or was worse; else -1. Its states are those of `from`, and the caller's to change.
   *
   * @param key of the states, a whole number below 2^53
   */
  put(key: number, total: number, bound: number, wasted: number, from: Uint16Array): number {
    let slot = this.slotOf(key);
    let entry = this.slots[slot]!;
    if (entry >= 0) {
      if (this.totals[entry]! >= total) return -1;
    } else {
      if (this.count === this.room) {
        this.grow(this.room * 2);
        slot = this.slotOf(key);
      }
      entry = this.count++;
      this.slots[slot] = entry;
      this.keys[entry] = key;
      this.states.set(from, entry * this.coupons);
    }
    this.totals[entry] = total;
    this.bounds[entry] = bound;
    this.wasted[entry] = wasted;
    return entry;
  }

  /** The highest bound of the entries from one on. */
  boundMax(from: number): number {
    let most = -Infinity;
    for (let entry = from; entry < this.count; entry++) most = Math.max(most, this.bounds[entry]!);
    return most;
  }

  /** Keeps so many entries, those with the highest bounds; of about equal ones those that gave most. @returns the highest bound left out */
  keepBest(width: number): number {
    if (this.count <= width) return -Infinity;
    const ranks = this.bounds.slice(0, this.count).map((bound, entry) => bound + TIE * this.totals[entry]!);
    const sorted = ranks.slice().sort();
    const least = sorted[this.count - width]!;
    let ofLeast = 0;
    for (let at = this.count - width; sorted[at] === least; at++) ofLeast++;
    let left = -Infinity;
    this.keep((entry) => {
      const isKept = ranks[entry]! > least || (ranks[entry] === least && ofLeast-- > 0);
      if (!isKept) left = Math.max(left, this.bounds[entry]!);
      return isKept;
    });
    return left;
  }

  /** Keeps the entries with at least this bound. */
  keepFrom(least: number): void {
    this.keep((entry) => this.bounds[entry]! >= least);
  }

  private keep(isKept: (entry: number) => boolean): void {
    const { count } = this;
    this.clear();
    for (let entry = 0; entry < count; entry++) if (isKept(entry)) this.move(entry);
  }

  private move(from: number): void {
    const to = this.count++;
    this.slots[this.slotOf(this.keys[from]!)] = to;
    this.keys[to] = this.keys[from]!;
    this.totals[to] = this.totals[from]!;
    this.bounds[to] = this.bounds[from]!;
    this.deals[to] = this.deals[from]!;
    this.wasted[to] = this.wasted[from]!;
    this.states.copyWithin(to * this.coupons, from * this.coupons, (from + 1) * this.coupons);
  }

  /** Where a key is, or would be. */
  private slotOf(key: number): number {
    const high = Math.floor(key / 2 ** 32);
    let hash = Math.imul((key % 2 ** 32) | 0, 0x9e3779b1) ^ Math.imul(high, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2ae35);
    const mask = this.slots.length - 1;
    for (let slot = (hash ^ (hash >>> 13)) & mask; ; slot = (slot + 1) & mask) {
      const entry = this.slots[slot]!;
      if (entry < 0 || this.keys[entry] === key) return slot;
    }
  }

  private grow(room: number): void {
    const grown = <T extends Float64Array | Int32Array | Uint16Array>(old: T, wider: T): T => {
      wider.set(old);
      return wider;
    };
    this.room = room;
    this.keys = grown(this.keys, new Float64Array(room));
    this.totals = grown(this.totals, new Float64Array(room));
    this.bounds = grown(this.bounds, new Float64Array(room));
    this.deals = grown(this.deals, new Int32Array(room));
    this.wasted = grown(this.wasted, new Uint16Array(room));
    this.states = grown(this.states, new Uint16Array(room * this.coupons));
    this.slots = new Int32Array(room * 2).fill(-1);
    for (let entry = 0; entry < this.count; entry++) this.slots[this.slotOf(this.keys[entry]!)] = entry;
  }
}

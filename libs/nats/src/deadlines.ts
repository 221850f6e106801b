/** Something that is over, one way or the other, at a known time. */
export interface Expiring {
  /** On the clock of `performance.now()`. */
  readonly expiresAt: number;
  expire(): void;
}

/**
 * One timer for all that wait, set for whatever is over first: thousands of requests in flight cost no timer each, and a
 * process whose requests are answered in time is not woken for them.
 */
export class Deadlines {
  private readonly waiting = new Set<Expiring>();
  private timer: NodeJS.Timeout | undefined;
  private sweepsAt = Infinity;

  /** @param apartMs sweeps follow each other no sooner; so much later than its time may something expire */
  constructor(private readonly apartMs = 20) {}

  get size(): number {
    return this.waiting.size;
  }

  add(item: Expiring): void {
    this.waiting.add(item);
    this.sweepBy(item.expiresAt);
  }

  delete(item: Expiring): void {
    this.waiting.delete(item);
    if (this.waiting.size === 0) this.rest();
  }

  /** Ends all that still wait as if their time had come. */
  expireAll(): void {
    for (const item of this.waiting) this.end(item);
  }

  private sweep(): void {
    this.rest();
    const now = performance.now();
    let next = Infinity;
    for (const item of this.waiting) {
      if (item.expiresAt <= now) this.end(item);
      else next = Math.min(next, item.expiresAt);
    }
    this.sweepBy(next);
  }

  private sweepBy(time: number): void {
    if (time >= this.sweepsAt) return;
    clearTimeout(this.timer);
    this.sweepsAt = time;
    this.timer = setTimeout(() => this.sweep(), Math.max(this.apartMs, time - performance.now()));
  }

  private end(item: Expiring): void {
    this.delete(item);
    item.expire();
  }

  private rest(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.sweepsAt = Infinity;
  }
}

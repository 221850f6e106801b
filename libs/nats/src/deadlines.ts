/** Something that is over, one way or the other, at a known time. */
export interface Expiring {
  /** On the clock of `performance.now()`. */
  readonly expiresAt: number;
  expire(): void;
}

/**
 * One timer for all that wait. Expiry may come late by the period of the sweep; thousands of requests in flight cost
 * no timer each.
 */
export class Deadlines {
  private readonly waiting = new Set<Expiring>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly periodMs = 20) {}

  get size(): number {
    return this.waiting.size;
  }

  add(item: Expiring): void {
    this.waiting.add(item);
    this.timer ??= setInterval(() => this.sweep(), this.periodMs);
  }

  delete(item: Expiring): void {
    this.waiting.delete(item);
  }

  /** Ends all that still wait as if their time had come. */
  expireAll(): void {
    for (const item of this.waiting) this.end(item);
    this.stopWhenIdle();
  }

  private sweep(): void {
    const now = performance.now();
    for (const item of this.waiting) if (item.expiresAt <= now) this.end(item);
    this.stopWhenIdle();
  }

  private end(item: Expiring): void {
    this.waiting.delete(item);
    item.expire();
  }

  private stopWhenIdle(): void {
    if (this.waiting.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }
}

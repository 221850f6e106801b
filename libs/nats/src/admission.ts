/**
 * So many at once, so many more waiting their turn, and the rest turned away at once: a service that queues without
 * bound answers everybody too late.
 */
export class Admission {
  private running = 0;
  private readonly queue: (() => void)[] = [];
  private head = 0;
  private idle: (() => void)[] = [];
  private free: (() => void)[] = [];

  constructor(private readonly limits: { readonly concurrent: number; readonly queued: number }) {}

  get inFlight(): number {
    return this.running;
  }

  get waiting(): number {
    return this.queue.length - this.head;
  }

  /**
   * Starts `work` now or as soon as its turn comes.
   * @param work must not reject
   * @returns false when there is no place left
   */
  admit(work: () => Promise<void>): boolean {
    if (this.running < this.limits.concurrent) this.start(work);
    else if (this.waiting < this.limits.queued) this.queue.push(() => this.start(work));
    else return false;
    return true;
  }

  /** Resolves when `admit` would start its work at once. For one caller that takes its turn before it asks again. */
  whenFree(): Promise<void> {
    if (this.running < this.limits.concurrent) return Promise.resolve();
    return new Promise((resolve) => this.free.push(resolve));
  }

  /** Ends every wait for {@link whenFree}, free or not. */
  wake(): void {
    for (const resolve of this.free.splice(0)) resolve();
  }

  /** Resolves when nothing runs and nothing waits. */
  whenIdle(): Promise<void> {
    if (this.running === 0) return Promise.resolve();
    return new Promise((resolve) => this.idle.push(resolve));
  }

  private start(work: () => Promise<void>): void {
    this.running++;
    void work().finally(() => this.finished());
  }

  private finished(): void {
    this.running--;
    const next = this.queue[this.head];
    if (next) {
      this.head++;
      if (this.head === this.queue.length) {
        this.queue.length = 0;
        this.head = 0;
      }
      next();
      return;
    }
    this.wake();
    if (this.running === 0) for (const resolve of this.idle.splice(0)) resolve();
  }
}

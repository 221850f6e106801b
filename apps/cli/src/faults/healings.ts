/** Every attempt is at rest this long after healing, or it is a violation. */
export const REST_MS = 60_000;

/**
 * When the faults of a group were there, and when they were gone. Lanes overlap, so an attempt that comes to rest after one
 * fault may meet others first: it has healed when the last of them has. Times by the clock of `performance.now`.
 */
export class Healings {
  private underWay = 0;
  private readonly times: number[] = [];

  begun(): void {
    this.underWay += 1;
  }

  healed(at: number): void {
    this.underWay -= 1;
    this.times.push(at);
  }

  /** Until when everything must be at rest; as long as there is a fault, that is not known. */
  get deadline(): number {
    return this.underWay > 0 ? Infinity : Math.max(...this.times) + REST_MS;
  }

  /** From the last healing before `atRest` on. */
  recoveryMs(atRest: number): number {
    return atRest - Math.max(...this.times.filter((time) => time <= atRest));
  }
}

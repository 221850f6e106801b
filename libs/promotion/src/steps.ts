/**
 * The steps of one search, and whether it may go on: until they are used up, or the evaluation that it is part of is over.
 */
export class Steps {
  private used = 0;
  private nextAsk = 0;
  /** Whether the search is to end. */
  isEnded = false;

  /**
   * @param isOver see `EvaluateOptions`
   * @param perAsk steps of about a tenth of a millisecond
   */
  constructor(
    private readonly max: number,
    private readonly isOver: () => boolean,
    private readonly perAsk: number,
  ) {}

  /** What is left, none once the search has ended. */
  get left(): number {
    return this.isEnded ? 0 : this.max - this.used;
  }

  /** Counts steps that are about to be made, or were. @returns `isEnded` */
  spend(steps = 1): boolean {
    this.used += steps;
    if (this.used > this.max) this.isEnded = true;
    for (; this.nextAsk < this.used && !this.isEnded; this.nextAsk += this.perAsk)
      this.isEnded = this.isOver();
    return this.isEnded;
  }
}

interface Waiting<Item, Result> {
  item: Item;
  resolve: (result: Result) => void;
  reject: (reason: unknown) => void;
}

/**
 * Puts the callers that wait while a statement runs into the next one: the more wait, the less each costs, and one alone
 * goes at once. No timers. A batch that fails is run again one by one, so that nobody fails for another's fault; what
 * runs must therefore be idempotent.
 */
export class Gatherer<Item, Result> {
  private waiting: Waiting<Item, Result>[] = [];
  private running = 0;

  /** @param run gives the results in the order of the items */
  constructor(
    private readonly run: (items: Item[]) => Promise<Result[]>,
    private readonly limits: { batchMax: number; atOnce: number },
  ) {}

  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (this.running < this.limits.atOnce) void this.drain();
    });
  }

  private async drain(): Promise<void> {
    this.running += 1;
    while (this.waiting.length > 0) await this.runBatch(this.waiting.splice(0, this.limits.batchMax));
    this.running -= 1;
  }

  private async runBatch(batch: Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.run(batch.map(({ item }) => item));
      batch.forEach(({ resolve }, index) => resolve(results[index]!));
    } catch (error) {
      if (batch.length > 1) for (const one of batch) await this.runBatch([one]);
      else batch[0]!.reject(error);
    }
  }
}

import pg from 'pg';

export interface GatherOptions {
  /** Callers folded into one run at most. Default 64. */
  batchMax?: number;
  /** Runs at once, each on a connection of its own. Default 2. */
  lanes?: number;
  /**
   * How long a lane rests after a run of few callers, less than a quarter of `batchMax`, for work that nobody waits for: more
   * share the next run. Default 0.
   */
  restMs?: number;
}

/**
 * Folds callers that wait for the same kind of work into one run, which does for all of them what it would do for one:
 * statements over `unnest`, and one commit.
 *
 * Without `restMs` there is no timer: whoever waits goes when a lane is free, so a lone caller goes alone and at once, and
 * batches grow only as far as the database is behind. Batches take callers in the order in which they came.
 *
 * An error reaches the one caller it belongs to: a batch that fails is undone, and its callers run again one by one. When
 * the connection was lost nobody knows whether it was undone, so each of them gets that error, as a lone caller would.
 */
export class Gathered<Item, Result> {
  private readonly waiting: Waiting<Item, Result>[] = [];
  private readonly batchMax: number;
  private readonly restMs: number;
  private lanesFree: number;

  /** @param run does everything for these items or, when it rejects, nothing; @returns a result for each, in their order */
  constructor(
    private readonly run: (items: readonly Item[]) => Promise<readonly Result[]>,
    { batchMax = 64, lanes = 2, restMs = 0 }: GatherOptions = {},
  ) {
    this.batchMax = batchMax;
    this.restMs = restMs;
    this.lanesFree = lanes;
  }

  do(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (this.lanesFree > 0) void this.work();
    });
  }

  private async work(): Promise<void> {
    this.lanesFree -= 1;
    await Promise.resolve(); // Callers of the same turn of the event loop go together.
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, this.batchMax);
      await this.together(batch);
      if (this.restMs > 0 && batch.length < this.batchMax / 4) {
        await new Promise((resolve) => setTimeout(resolve, this.restMs));
      }
    }
    this.lanesFree += 1;
  }

  private async together(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    let results: readonly Result[];
    try {
      results = await this.run(batch.map(({ item }) => item));
    } catch (error) {
      if (batch.length === 1 || isConnectionLost(error)) batch.forEach(({ reject }) => reject(error));
      else for (const one of batch) await this.together([one]);
      return;
    }
    if (results.length === batch.length)
      return batch.forEach(({ resolve }, index) => resolve(results[index]!));
    // It was done, so nobody runs again.
    const error = new Error(`${results.length} results for ${batch.length} callers`);
    batch.forEach(({ reject }) => reject(error));
  }
}

interface Waiting<Item, Result> {
  readonly item: Item;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

/** What the server says of a statement tells that its transaction was undone; its farewell, and a broken socket, do not. */
function isConnectionLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  if (error instanceof pg.DatabaseError) return /^(08|57P)/.test(error.code ?? '');
  if (typeof code === 'string' && /^E[A-Z]+$/.test(code)) return true; // Of the operating system.
  return /^(Connection terminated|timeout exceeded when trying to connect|Client )/.test(error.message);
}

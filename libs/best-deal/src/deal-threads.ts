import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { Evaluation } from '@couplet/promotion';
import { Piscina } from 'piscina';
import { narrowed, type Question } from './question.ts';
import type { TimedQuestion } from './worker.ts';

/** A thread that has not answered so long after its time is given up. */
const PATIENCE_MS = 50;

/** A thread that nobody needed so long ends. */
const IDLE_MS = 60_000;

interface DealThreadsOptions {
  threads: number;
  /** Baskets that may wait for a thread; more are not looked at. */
  queueMax: number;
  /** Told why a search gave no deal, where that is not that its time was up. */
  onFailure: (error: unknown) => void;
}

/** Looks for best deals in threads of its own, so that the process goes on answering others. */
export class DealThreads {
  private readonly pool: Piscina<TimedQuestion, Evaluation>;

  constructor(private readonly options: DealThreadsOptions) {
    // Built JavaScript also where this file runs from its source: a thread has no loader for TypeScript.
    const filename = createRequire(import.meta.url).resolve('@couplet/best-deal/worker');
    this.pool = new Piscina({
      filename: pathToFileURL(filename).href,
      minThreads: 0, // Hard baskets are rare, and a thread that waits for one holds a solver.
      idleTimeout: IDLE_MS,
      maxThreads: options.threads,
      maxQueue: options.queueMax,
    });
  }

  /**
   * The best deal that is found in time, with the bound on what it may have missed.
   *
   * @param untilMs since the epoch
   * @returns undefined where none was found: no thread was free, or it failed
   */
  async find(question: Question, untilMs: number): Promise<Evaluation | undefined> {
    const leftMs = untilMs - performance.timeOrigin - performance.now();
    if (leftMs <= 0 || this.pool.queueSize >= this.options.queueMax) return undefined;
    const signal = AbortSignal.timeout(Math.ceil(leftMs) + PATIENCE_MS);
    try {
      return await this.pool.run({ ...narrowed(question), untilMs }, { signal });
    } catch (error) {
      if (!signal.aborted) this.options.onFailure(error);
      return undefined;
    }
  }

  /** Waits for what is being looked for. */
  async close(): Promise<void> {
    await this.pool.close();
  }
}

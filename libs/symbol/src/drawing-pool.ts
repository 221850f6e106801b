import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Piscina } from 'piscina';
import type { DrawnSymbol, DrawRequest } from './draw.ts';
import type { TooSmall } from './fit.ts';

/** Too many pictures are waiting already; ask again later. */
export class DrawingQueueFull extends Error {
  override readonly name = 'DrawingQueueFull';
}

interface DrawingPoolOptions {
  /** Threads. One is busy with a picture for 1 to 5 ms. */
  threads: number;
  /** Pictures that may wait; more are refused at once. */
  queueMax: number;
}

/** Draws in threads of its own, so that the process goes on answering scans. */
export class DrawingPool {
  private readonly threads: Piscina<DrawRequest, DrawnSymbol | TooSmall>;

  constructor({ threads, queueMax }: DrawingPoolOptions) {
    // Built JavaScript also where this file runs from its source: a thread has no loader for TypeScript.
    const filename = createRequire(import.meta.url).resolve('@couplet/symbol/worker');
    this.threads = new Piscina({
      filename: pathToFileURL(filename).href,
      minThreads: 1,
      maxThreads: threads,
      maxQueue: queueMax,
    });
  }

  /** @throws DrawingQueueFull */
  async draw(request: DrawRequest): Promise<DrawnSymbol | TooSmall> {
    if (this.threads.queueSize >= this.threads.options.maxQueue) {
      throw new DrawingQueueFull(`${this.threads.queueSize} pictures are waiting`);
    }
    return this.threads.run(request);
  }

  /** Waits for what is being drawn. */
  async close(): Promise<void> {
    await this.threads.close();
  }
}

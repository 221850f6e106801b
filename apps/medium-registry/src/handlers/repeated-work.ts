import type { Logger } from 'pino';

/** Work that is looked for again and again in the background, from the start of the service to its end. */
export abstract class RepeatedWork {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  /** @param name of the work, for the log */
  protected constructor(
    private readonly name: string,
    protected readonly logger: Logger,
    private readonly everyMs: number,
  ) {}

  onApplicationBootstrap(): void {
    this.running = this.run();
  }

  /** Resolves when the batch in hand is done. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /** Does what is due. @returns whether there may be more */
  protected abstract work(): Promise<boolean>;

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const more = await this.work().catch((error: unknown) => {
        this.logger.warn({ err: error }, `${this.name} failed, will try again`);
        return false;
      });
      if (!more) await pause(this.everyMs, this.stopping.signal);
    }
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
  });
}

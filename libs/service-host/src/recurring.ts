import type { Logger } from 'pino';

/** Runs a piece of work again and again: at once while there is more, when woken, and by the clock. Failures are logged and tried again. */
export class Recurring {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private woken = false;
  private failing = false;
  private rouse: () => void = () => undefined;

  /** @param work resolves to whether there is more to do at once */
  constructor(
    private readonly name: string,
    private readonly everyMs: number,
    private readonly work: () => Promise<boolean>,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.running ??= this.run();
  }

  wake(): void {
    this.woken = true;
    if (!this.failing) this.rouse(); // A busy service must not turn the wait into a hot loop.
  }

  /** Resolves when the round in hand is over. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.rouse();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      this.woken = false;
      const more = await this.round();
      if (this.failing || (!more && !this.woken)) await this.pause();
    }
  }

  private async round(): Promise<boolean> {
    try {
      const more = await this.work();
      this.failing = false;
      return more;
    } catch (error) {
      this.failing = true;
      this.logger.error({ err: error }, `${this.name} failed; tried again`);
      return false;
    }
  }

  private async pause(): Promise<void> {
    if (this.stopping.signal.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.everyMs);
      this.rouse = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.rouse = () => undefined;
  }
}

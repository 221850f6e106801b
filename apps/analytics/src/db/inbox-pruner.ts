import { pruneOutbox } from '@couplet/outbox';
import type pg from 'pg';

const EVERY_MS = 3_600_000;

/** Makes the coming days of the inbox and drops old ones. A service that publishes leaves this to its outbox relay. */
export class InboxPruner {
  private timer: NodeJS.Timeout | undefined;
  private pruning: Promise<void> = Promise.resolve();

  constructor(
    private readonly pool: pg.Pool,
    private readonly logger: { warn(fields: object): void },
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.begin(), EVERY_MS);
    this.begin(); // However often this process starts anew, tomorrow has its partition.
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.pruning;
  }

  private begin(): void {
    this.pruning = this.prune();
  }

  private async prune(): Promise<void> {
    try {
      await pruneOutbox(this.pool, { now: new Date() });
    } catch (error) {
      this.logger.warn({ msg: 'cannot prune the inbox; trying again in an hour', error });
    }
  }
}

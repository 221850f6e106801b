import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { Recurring } from '@couplet/service-host';
import type { Logger } from 'pino';
import type { NetworkQueueRepository } from '../db/network-queue.repository.ts';
import { bringToRest, type Due, type QueueDeps } from '../domain/network-queue.ts';

/** Brings authorizations to rest: adjusts, captures, reverses and refunds what the journal says, until it is answered. */
export class NetworkQueue implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly loop: Recurring;
  private readonly inHand = new Set<Promise<void>>();

  constructor(
    private readonly rows: NetworkQueueRepository,
    private readonly deps: QueueDeps,
    private readonly logger: Logger,
    private readonly options: { readonly concurrency: number; readonly pollMs: number },
  ) {
    this.loop = new Recurring('network queue', options.pollMs, () => this.claim(), logger);
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.loop.stop();
    await Promise.all(this.inHand);
  }

  wake(): void {
    this.loop.wake();
  }

  private async claim(): Promise<boolean> {
    const free = this.options.concurrency - this.inHand.size;
    if (free === 0) {
      await Promise.race(this.inHand);
      return true;
    }
    const due = await this.rows.claim(free);
    for (const one of due) this.take(one);
    return due.length === free;
  }

  private take(due: Due): void {
    const work = bringToRest(due, this.deps)
      .catch((error: unknown) => {
        const { settlementId } = due.settlement;
        this.logger.error({ err: error, settlementId }, 'could not journal an answer; asked again later');
      })
      .finally(() => this.inHand.delete(work));
    this.inHand.add(work);
  }
}

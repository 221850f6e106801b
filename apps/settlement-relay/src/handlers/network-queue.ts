import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { Recurring } from '@couplet/service-host';
import type { Logger } from 'pino';
import type { Place } from '../db/journal.ts';
import type { NetworkQueueRepository } from '../db/network-queue.repository.ts';
import { bringToRest, type Due, type QueueDeps } from '../domain/network-queue.ts';

/** Brings authorizations to rest: adjusts, captures, reverses and refunds what the journal says, until it is answered. */
export class NetworkQueue implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly loop: Recurring;
  private readonly inHand = new Set<Promise<void>>();
  private placesKept = 0;
  /** More is due than there are places for. */
  private isBehind = false;
  private stopping = false;

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
    this.stopping = true;
    await this.loop.stop();
    while (this.inHand.size > 0) await Promise.all(this.inHand); // A commit under way may still bring more.
  }

  /** While it is behind it claims several at once, since a claim costs the same for one. */
  wake(): void {
    if (!this.isBehind || this.places() >= this.options.concurrency / 4) this.loop.wake();
  }

  /**
   * For something that a commit under way makes due: asked at once after it, without a claim.
   *
   * @returns undefined when it has to wait its turn
   */
  keepPlace(): Place | undefined {
    if (this.stopping || this.isBehind || this.places() <= 0) return undefined;
    this.placesKept += 1;
    return {
      take: (due) => {
        this.placesKept -= 1;
        this.take(due);
      },
      giveBack: () => {
        this.placesKept -= 1;
        this.placeIsFree();
      },
    };
  }

  private placeIsFree(): void {
    if (this.isBehind) this.wake();
  }

  private places(): number {
    return this.options.concurrency - this.inHand.size - this.placesKept;
  }

  private async claim(): Promise<boolean> {
    const free = this.places();
    this.isBehind = free <= 0;
    if (this.isBehind) return false;
    this.placesKept += free;
    const due = await this.rows.claim(free).finally(() => (this.placesKept -= free));
    for (const one of due) this.take(one);
    this.isBehind = due.length === free;
    return this.isBehind;
  }

  private take(due: Due): void {
    const work = bringToRest(due, this.deps)
      .catch((error: unknown) => {
        const { settlementId } = due.settlement;
        this.logger.error({ err: error, settlementId }, 'could not journal an answer; asked again later');
      })
      .finally(() => {
        this.inHand.delete(work);
        this.placeIsFree();
      });
    this.inHand.add(work);
  }
}

import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { Recurring } from '@couplet/service-host';
import type { Logger } from 'pino';
import type { Overdue, SettlementJournal } from '../db/journal.ts';
import type { SettlementEvent } from '../domain/decide.ts';
import type { DecideDeps } from '../domain/settle-deps.ts';
import { decideOn } from '../domain/verbs.ts';

const BATCH = 100;

const WHAT = { started: 'abandon', granted: 'void', orphaned: 'follow' } as const;

/**
 * Ends what nobody ended in time: attempts without a decision, grants without a confirm, and the rest of a sale whose
 * first tender was cancelled. It never authorizes.
 */
export class Sweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly loop: Recurring;

  constructor(
    private readonly journal: SettlementJournal,
    private readonly deps: DecideDeps,
    logger: Logger,
    everyMs: number,
  ) {
    this.loop = new Recurring('sweeper', everyMs, () => this.sweep(), logger);
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.loop.stop();
  }

  private async sweep(): Promise<boolean> {
    const overdue = await this.journal.overdue(this.deps.clock.now(), BATCH);
    // Together, so that they share statements; all of them end before the next round, whatever becomes of one.
    const ended = await Promise.allSettled(overdue.map((one) => this.end(one)));
    const failed = ended.find((one) => one.status === 'rejected');
    if (failed) throw failed.reason;
    return overdue.length >= BATCH;
  }

  private async end({ settlementId, state }: { settlementId: string; state: Overdue }): Promise<void> {
    const what = WHAT[state];
    this.deps.reached(`sweeper.before-${what}`);
    await decideOn({ settlementId }, this.eventFor(state), this.deps);
    this.deps.reached(`sweeper.after-${what}`);
  }

  private eventFor(state: Overdue): SettlementEvent {
    return state === 'orphaned'
      ? { kind: 'cancel', couponReturn: this.deps.couponReturn, withItsSale: true }
      : { kind: 'deadline' };
  }
}

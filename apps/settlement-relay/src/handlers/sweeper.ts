import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from 'pino';
import type { SettlementJournal } from '../db/journal.ts';
import type { DecideDeps } from '../domain/settle-deps.ts';
import { decideOn } from '../domain/verbs.ts';
import { Recurring } from './recurring.ts';

const BATCH = 100;

/** Ends what nobody ended in time: attempts without a decision, and grants without a confirm. It never authorizes. */
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
    for (const { settlementId, state } of overdue) {
      const what = state === 'started' ? 'abandon' : 'void';
      this.deps.reached(`sweeper.before-${what}`);
      await decideOn({ settlementId }, { kind: 'deadline' }, this.deps);
      this.deps.reached(`sweeper.after-${what}`);
    }
    return overdue.length === BATCH;
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import { brokenNow } from './at-any-moment.ts';
import type { Difference } from './difference.ts';
import type { Pool } from './read-facts.ts';

const ROUND_MS = 500;

/** Looks again and again, also while everything is broken, whether something is wrong that may never be. */
export class Watchman {
  private readonly seen = new Map<string, Difference>();
  private readonly stopping = new AbortController();
  private readonly running: Promise<void>;
  rounds = 0;

  constructor(private readonly admin: Pool) {
    this.running = this.run();
  }

  /** What was wrong since the last call. */
  take(): Difference[] {
    const taken = [...this.seen.values()];
    this.seen.clear();
    return taken;
  }

  /** Looks once more, and no more. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
    await this.look();
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      await this.look();
      await sleep(ROUND_MS, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    }
  }

  private async look(): Promise<void> {
    const broken = await brokenNow(this.admin).catch(isDown);
    if (!broken) return;
    this.rounds++;
    for (const difference of broken) {
      this.seen.set(`${difference.rule} ${difference.settlementId}`, difference);
    }
  }
}

/** A database that is down says nothing; that of a fault suite often is. @throws what is a mistake of ours */
function isDown(error: Error & { code?: string }): undefined {
  if (error.code?.startsWith('42')) throw error;
}

import { type Platform, Recurring } from '@couplet/service-host';
import type { ScanEnds } from '../db/scan-ends.ts';

/** Rolls back scans whose handler died, or got no answer from the registry, and whose store did not ask again. */
export class Sweeper {
  private readonly loop: Recurring;

  constructor(
    ends: Pick<ScanEnds, 'sweep'>,
    { everyMs, olderThanMs }: { everyMs: number; olderThanMs: number },
    logger: Platform['logger'],
    told: () => void,
  ) {
    const work = async () => {
      const more = await ends.sweep(olderThanMs);
      told();
      return more;
    };
    this.loop = new Recurring('sweeping undecided scans', everyMs, work, logger);
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  /** Resolves when the batch in hand is done. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.loop.stop();
  }
}

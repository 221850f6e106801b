import type { DealThreads } from '@couplet/best-deal';

/** Ends the threads that look for deals with the application. */
export class Searching {
  constructor(private readonly threads: DealThreads) {}

  async beforeApplicationShutdown(): Promise<void> {
    await this.threads.close();
  }
}

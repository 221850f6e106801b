import type { DrawingPool } from '@couplet/symbol';

/** Ends the drawing threads with the application. */
export class Drawing {
  constructor(private readonly pool: DrawingPool) {}

  async beforeApplicationShutdown(): Promise<void> {
    await this.pool.close();
  }
}

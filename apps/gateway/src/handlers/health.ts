import { setTimeout as delay } from 'node:timers/promises';
import type { NatsConnection } from '@nats-io/transport-node';
import type pg from 'pg';

const PATIENCE_MS = 1_000;

export type Part = 'up' | 'down';

/** Whether this process can do its work now: both checks go over the connections that it works with. */
export class Health {
  private isEnding = false;

  constructor(
    private readonly connection: NatsConnection,
    private readonly pool: pg.Pool,
  ) {}

  /** Nobody is sent here any more before anything ends. */
  beforeApplicationShutdown(): void {
    this.isEnding = true;
  }

  get ending(): boolean {
    return this.isEnding;
  }

  async check(): Promise<{ ready: boolean; nats: Part; postgres: Part }> {
    const [nats, postgres] = await Promise.all([
      inTime(() =>
        this.connection.isClosed() ? Promise.reject(new Error('closed')) : this.connection.flush(),
      ),
      inTime(() => this.pool.query('SELECT 1')),
    ]);
    return { ready: !this.isEnding && nats === 'up' && postgres === 'up', nats, postgres };
  }
}

async function inTime(check: () => Promise<unknown>): Promise<Part> {
  const late = delay(PATIENCE_MS, 'down' as const, { ref: false });
  const answer = check().then(
    () => 'up' as const,
    () => 'down' as const,
  );
  return Promise.race([answer, late]);
}

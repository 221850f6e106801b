import type pg from 'pg';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';

export interface GuessLimit {
  points: number;
  durationS: number;
}

/** Counts wrong guesses in the database, so that all replicas together allow no more than one would. */
export class GuessLimits<Name extends string> {
  private readonly limiters: Record<Name, RateLimiterPostgres>;

  constructor(pool: pg.Pool, limits: Record<Name, GuessLimit>) {
    const entries = Object.entries<GuessLimit>(limits).map(([name, { points, durationS: duration }]) => [
      name,
      new RateLimiterPostgres({
        storeClient: pool,
        ...{ keyPrefix: name, points, duration },
        ...{ tableName: 'attempt_limit', tableCreated: true, clearExpiredByTimeout: false },
      }),
    ]);
    this.limiters = Object.fromEntries(entries) as Record<Name, RateLimiterPostgres>;
  }

  async isSpent(name: Name, key: string): Promise<boolean> {
    const found = await this.limiters[name].get(key);
    return found !== null && found.remainingPoints <= 0;
  }

  async countMiss(name: Name, key: string): Promise<void> {
    try {
      await this.limiters[name].consume(key);
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error; // That is the refusal, which the next guess will hear.
    }
  }
}

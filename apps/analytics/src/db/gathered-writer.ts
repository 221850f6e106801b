import pg from 'pg';
import { accumulate, type UsageEvent } from './accumulate.ts';

const BATCH_MAX = 500;

interface Waiting {
  event: UsageEvent;
  resolve: () => void;
  reject: (reason: unknown) => void;
}

/**
 * Folds the events that arrive while one transaction runs into the next: the more wait, the less each costs. An event
 * alone is written at once.
 */
export class GatheredWriter {
  private waiting: Waiting[] = [];
  private writing = false;

  constructor(private readonly pool: pg.Pool) {}

  /** Resolves when the event is committed. Rejects for its own fault alone, or when nothing can be committed. */
  add(event: UsageEvent): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ event, resolve, reject });
      if (!this.writing) void this.writeAll();
    });
  }

  private async writeAll(): Promise<void> {
    this.writing = true;
    while (this.waiting.length > 0) await this.write(this.waiting.splice(0, BATCH_MAX));
    this.writing = false;
  }

  private async write(batch: Waiting[]): Promise<void> {
    try {
      await accumulate(
        this.pool,
        batch.map(({ event }) => event),
      );
      for (const { resolve } of batch) resolve();
    } catch (error) {
      // PostgreSQL does not say whose data it refused; one by one the others go through.
      if (batch.length > 1 && isDataFault(error)) for (const one of batch) await this.write([one]);
      else for (const { reject } of batch) reject(error);
    }
  }
}

/** SQLSTATE classes 22 (data exception) and 23 (integrity constraint violation). */
function isDataFault(error: unknown): boolean {
  return error instanceof pg.DatabaseError && /^2[23]/.test(error.code ?? '');
}

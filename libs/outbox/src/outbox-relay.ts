import type { EventPublisher, OutgoingEvent } from '@couplet/nats';
import { inTransaction } from '@couplet/postgres';
import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { markPublished, type OutboxRow, takeDue } from './outbox-table.ts';
import { pruneOutbox } from './prune.ts';

/** Of a pino logger, what the relay says. */
export interface RelayLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface OutboxRelayOptions {
  /** Rows in one transaction. It doubles, up to `batchSizeMax`, as long as more are waiting. */
  batchSize: number;
  batchSizeMax: number;
  /** Pause after a batch: nobody waits for an event, and so more share the next one. */
  restMs: number;
  /** How long another replica's commit may go unnoticed when that replica died before its own relay saw it. */
  pollMs: number;
  backoffMsMin: number;
  backoffMsMax: number;
  pruneEveryMs: number;
}

const DEFAULTS: OutboxRelayOptions = {
  batchSize: 100,
  batchSizeMax: 800,
  restMs: 50,
  pollMs: 500,
  backoffMsMin: 100,
  backoffMsMax: 5_000,
  pruneEveryMs: 3_600_000,
};

/**
 * Publishes what committed transactions left in the outbox: every row at least once, and once unless a relay dies
 * between publishing and marking, where JetStream then drops the second copy by its id. Any number of replicas may
 * run: each takes rows that no other holds. Order is not kept; consumers must not need it.
 *
 * A NestJS provider: it starts and stops with the application.
 */
export class OutboxRelay {
  private readonly options: OutboxRelayOptions;
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private woken = false;
  private rouse: () => void = () => undefined;
  private failures = 0;
  private batchSize: number;
  private prunedAt = 0;

  constructor(
    private readonly pool: pg.Pool,
    private readonly events: Pick<EventPublisher, 'publish'>,
    private readonly logger: RelayLogger,
    options: Partial<OutboxRelayOptions> = {},
  ) {
    this.options = { ...DEFAULTS, ...options };
    this.batchSize = this.options.batchSize;
  }

  onApplicationBootstrap(): void {
    this.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.stop();
  }

  start(): void {
    this.running ??= this.run();
  }

  /** Resolves when the batch in hand is published and marked. What is left waits for the next start. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.rouse();
    await this.running;
  }

  /** Call after a commit that appended events: they go out at once instead of at the next poll. */
  wake(): void {
    this.woken = true;
    if (this.failures === 0) this.rouse(); // A busy service must not turn the back-off into a hot loop.
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      this.woken = false;
      const limit = this.batchSize;
      const taken = await this.publishBatch(limit);
      if (this.failures > 0) await this.pause(this.backoffMs());
      else if (taken < limit) {
        await this.prune();
        if (taken > 0) await this.rest();
        if (!this.woken) await this.pause(this.options.pollMs);
      }
    }
  }

  /** @returns how many rows were taken: as many as it may when more may be waiting */
  private async publishBatch(limit: number): Promise<number> {
    try {
      const work = async (client: pg.PoolClient) => {
        const rows = await takeDue(client, limit);
        const { published, failure } = await this.publishAll(rows);
        await markPublished(client, published);
        return { taken: rows.length, failure };
      };
      // A commit that is lost with the server's memory makes its rows due again, and JetStream drops them by their ids.
      const { taken, failure } = await inTransaction(this.pool, work, { durable: false });
      if (failure !== undefined) this.failed(failure);
      else this.succeeded();
      const more = taken === limit;
      this.batchSize = more ? Math.min(2 * limit, this.options.batchSizeMax) : this.options.batchSize;
      return taken;
    } catch (error) {
      this.failed(error);
      return 0;
    }
  }

  private async publishAll(rows: OutboxRow[]): Promise<{ published: string[]; failure: unknown }> {
    const results = await Promise.allSettled(rows.map((row) => this.events.publish(messageOf(row))));
    const published = rows.filter((_, index) => results[index]?.status === 'fulfilled').map(({ id }) => id);
    const failure: unknown = results.find((result) => result.status === 'rejected')?.reason;
    return { published, failure };
  }

  private failed(error: unknown): void {
    this.failures += 1;
    if (this.failures === 1) this.logger.warn({ err: error }, 'outbox: cannot publish, will keep trying');
  }

  private succeeded(): void {
    if (this.failures > 0) this.logger.info({ attempts: this.failures }, 'outbox: publishing again');
    this.failures = 0;
  }

  private backoffMs(): number {
    const { backoffMsMin, backoffMsMax } = this.options;
    return Math.min(backoffMsMin * 2 ** (this.failures - 1), backoffMsMax) * (0.5 + Math.random() / 2);
  }

  private async prune(): Promise<void> {
    const now = Date.now();
    if (now - this.prunedAt < this.options.pruneEveryMs) return;
    this.prunedAt = now;
    await pruneOutbox(this.pool, { now: new Date(now) }).catch((error: unknown) =>
      this.logger.warn({ err: error }, 'outbox: cannot prune'),
    );
  }

  private async rest(): Promise<void> {
    await delay(this.options.restMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }

  private async pause(ms: number): Promise<void> {
    if (this.stopping.signal.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.rouse = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.rouse = () => undefined;
  }
}

function messageOf({ id, subject, payload, time, traceparent }: OutboxRow): OutgoingEvent {
  const service = subject.split('.')[2] ?? '';
  const message = { id, subject, source: `urn:couplet:${service}`, time: time.toISOString(), body: payload };
  return traceparent === null ? message : { ...message, traceparent };
}

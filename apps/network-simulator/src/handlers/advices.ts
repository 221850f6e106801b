import { setTimeout as sleep } from 'node:timers/promises';
import type { Platform } from '@couplet/service-host';
import type pg from 'pg';
import type { SettlementRelayClient } from '../clients/settlement-relay.client.ts';
import { closeAdvice, nextAdvice, postponeAdvice } from '../db/advices.ts';

const RETRY_MS_MAX = 30_000;
/** The longest that a timer takes. */
const FOREVER_MS = 2 ** 31 - 1;

/** Sends every advice when it is due, until settlement-relay has answered it. It asks nothing of the database while none waits. */
export class Advices {
  private readonly closing = new AbortController();
  private ring = new AbortController();
  private running: Promise<void> | undefined;

  constructor(
    private readonly pool: pg.Pool,
    private readonly settlementRelay: SettlementRelayClient,
    private readonly logger: Platform['logger'],
  ) {}

  onApplicationBootstrap(): void {
    this.running = this.run();
  }

  /** One was added. */
  wake(): void {
    this.ring.abort();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.closing.abort();
    this.ring.abort();
    await this.running;
    await this.settlementRelay.close();
  }

  private async run(): Promise<void> {
    while (!this.closing.signal.aborted) {
      this.ring = new AbortController();
      const waitMs = await this.sendNext().catch((error: Error) => {
        this.logger.warn({ error }, 'the advices could not be read');
        return 1_000;
      });
      if (!this.closing.signal.aborted) await this.pause(waitMs);
    }
  }

  /** @returns how long nothing is to be sent; undefined: until one is added */
  private async sendNext(): Promise<number | undefined> {
    const next = await nextAdvice(this.pool);
    if (!next) return undefined;
    const waitMs = next.due.getTime() - Date.now();
    if (waitMs > 0) return waitMs;
    const { adviceId, tries } = next;
    try {
      await closeAdvice(this.pool, adviceId, await this.settlementRelay.advise(next));
    } catch (error) {
      const retryMs = Math.min(RETRY_MS_MAX, 200 * 2 ** Math.min(tries, 10));
      this.logger.warn({ adviceId, tries, retryMs, reason: (error as Error).name }, 'not acknowledged');
      await postponeAdvice(this.pool, adviceId, new Date(Date.now() + retryMs));
    }
    return 0;
  }

  private async pause(ms = FOREVER_MS): Promise<void> {
    const { signal } = this.ring;
    await sleep(ms, undefined, { signal }).catch((error: Error) => {
      if (error.name !== 'AbortError') throw error;
    });
  }
}

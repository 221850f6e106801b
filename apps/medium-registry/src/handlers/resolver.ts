import { Recurring } from '@couplet/service-host';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { type Decider, leaseOverdue, type Overdue } from '../db/open-reservations.ts';
import type { Registry } from '../db/registry.ts';
import type { SettlementEnd } from '../domain/settlement-end.ts';
import { EndApplier } from './end-applier.ts';
import { DECIDERS, LOGGER, REGISTRY, RESOLVE_EVERY_MS } from './tokens.ts';

const BATCH = 16;

/** Who is asked for the end of the settlements it reserved for. */
export type Deciders = Record<Decider, { resolve(settlementId: string): Promise<SettlementEnd> }>;

/**
 * Asks for the end of settlements that should have ended, until it is told. A reservation is freed by what the answer
 * says and by nothing else: a deadline alone would give away a coupon that a slow sale goes on to use.
 */
@Injectable()
export class Resolver {
  private readonly loop: Recurring;

  constructor(
    @Inject(REGISTRY) private readonly registry: Registry,
    @Inject(EndApplier) private readonly ends: EndApplier,
    @Inject(DECIDERS) private readonly deciders: Deciders,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(RESOLVE_EVERY_MS) everyMs: number,
  ) {
    this.loop = new Recurring(
      'looking for overdue reservations',
      everyMs,
      () => this.resolveOverdue(),
      logger,
    );
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  /** Resolves when the batch in hand is done. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.loop.stop();
  }

  private async resolveOverdue(): Promise<boolean> {
    const overdue = await leaseOverdue(this.registry.pool, BATCH);
    await Promise.all(
      overdue.map(({ settlementId, decider, asked }) =>
        this.resolve({ settlementId, decider }).catch((error: unknown) =>
          this.logger.warn(
            { err: error, settlementId, decider, asked },
            'the end of a settlement is not known, will ask again',
          ),
        ),
      ),
    );
    return overdue.length === BATCH;
  }

  private async resolve({ settlementId, decider }: Pick<Overdue, 'settlementId' | 'decider'>): Promise<void> {
    const end = await this.deciders[decider].resolve(settlementId);
    await this.ends.apply({ settlementId, step: 'resolved', end });
  }
}

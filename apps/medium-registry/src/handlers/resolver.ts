import type { OutboxRelay } from '@couplet/outbox';
import { inTransaction } from '@couplet/postgres';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import type { SettlementRelay } from '../clients/settlement-relay.ts';
import { endSettlement } from '../db/end-settlement.ts';
import { leaseOverdue } from '../db/open-reservations.ts';
import type { Registry } from '../db/registry.ts';
import { RepeatedWork } from './repeated-work.ts';
import { LOGGER, OUTBOX, REGISTRY, RELAY, RESOLVE_EVERY_MS } from './tokens.ts';

const BATCH = 16;

/**
 * Asks for the end of settlements that should have ended, until it is told. A reservation is freed by what the answer
 * says and by nothing else: a deadline alone would give away a coupon that a slow sale goes on to use.
 */
@Injectable()
export class Resolver extends RepeatedWork {
  constructor(
    @Inject(REGISTRY) private readonly registry: Registry,
    @Inject(OUTBOX) private readonly outbox: OutboxRelay,
    @Inject(RELAY) private readonly relay: SettlementRelay,
    @Inject(LOGGER) logger: Logger,
    @Inject(RESOLVE_EVERY_MS) everyMs: number,
  ) {
    super('looking for overdue reservations', logger, everyMs);
  }

  protected async work(): Promise<boolean> {
    const overdue = await leaseOverdue(this.registry.pool, BATCH);
    await Promise.all(
      overdue.map(({ settlementId, asked }) =>
        this.resolve(settlementId).catch((error: unknown) =>
          this.logger.warn(
            { err: error, settlementId, asked },
            'the end of a settlement is not known, will ask again',
          ),
        ),
      ),
    );
    return overdue.length === BATCH;
  }

  private async resolve(settlementId: string): Promise<void> {
    const end = await this.relay.resolve(settlementId);
    await inTransaction(this.registry.pool, async (client) => {
      await endSettlement(client, this.registry.offers, settlementId, end);
      this.registry.reached('registry.resolved.before-commit');
    });
    this.registry.reached('registry.resolved.after-commit');
    this.outbox.wake();
  }
}

import { OutboxRelay } from '@couplet/outbox';
import { failpoint, type Platform } from '@couplet/service-host';
import type { DynamicModule } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { CapabilitiesCache } from './clients/capabilities-cache.ts';
import { CardNetworkClient } from './clients/card-network.client.ts';
import { CouponRegistryClient } from './clients/coupon-registry.client.ts';
import { limitsOf, type SettlementRelayConfig } from './config.ts';
import { CaseRepository } from './db/cases.ts';
import { SettlementJournal } from './db/journal.ts';
import { NetworkQueueRepository } from './db/network-queue.repository.ts';
import { SaleRepository } from './db/sales.repository.ts';
import type { Clock, SettleDeps } from './domain/settle-deps.ts';
import type { Failpoint } from './failpoints.ts';
import { CASES, CasesController, type Cases } from './handlers/cases.controller.ts';
import { NetworkQueue } from './handlers/network-queue.ts';
import type { Keys } from './handlers/settle-command.ts';
import { KEYS, SETTLE_DEPS, SettlementController } from './handlers/settlement.controller.ts';
import { Sweeper } from './handlers/sweeper.ts';

/** The one place that knows every part. */
export function settlementRelayModule(
  platform: Platform,
  config: SettlementRelayConfig,
  reached: (failpoint: Failpoint) => void = failpoint,
): DynamicModule {
  const { client, events, logger, pool } = platform;
  const outbox = new OutboxRelay(pool, events, logger);
  const waits = {
    leaseMs: 1.5 * config.QUEUE_TIMEOUT_MS,
    backoffMsMin: config.QUEUE_BACKOFF_MS_MIN,
    backoffMsMax: config.QUEUE_BACKOFF_MS_MAX,
  };
  const rows = new NetworkQueueRepository(pool, waits);
  const afterCommit = {
    wakeOutbox: () => outbox.wake(),
    wakeQueue: () => queue.wake(),
    keepPlace: () => queue.keepPlace(),
  };
  const journal = new SettlementJournal(pool, afterCommit, waits.leaseMs);
  const capabilities = new CapabilitiesCache(client, {
    ttlMs: config.CAPABILITIES_TTL_MS,
    timeoutMs: config.SEARCH_DEADLINE_MS,
  });
  const network = new CardNetworkClient(client, capabilities, logger, config.QUEUE_TIMEOUT_MS);
  const registry = new CouponRegistryClient(client, logger);
  const limits = limitsOf(config);

  const couponReturn = config.COUPON_RETURN;
  const deps: SettleDeps = {
    journal,
    network,
    registry,
    clock,
    limits,
    couponReturn,
    lateCoupons: config.LATE_COUPONS,
    credits: journal,
    sales: new SaleRepository(pool, journal, afterCommit, waits.leaseMs),
    afterwards: (work) =>
      void work.catch((error: unknown) => logger.error({ err: error }, 'a late discount was not given')),
    reached,
    newId: uuidv7,
  };
  const keys: Keys = { token: config.TOKEN_KEY, fingerprint: config.FINGERPRINT_KEY };
  const queueDeps = { ...deps, network, queue: rows, clockSkewMs: limits.clockSkewMs };
  const queueOptions = { concurrency: config.QUEUE_CONCURRENCY, pollMs: config.QUEUE_POLL_MS };
  const queue = new NetworkQueue(rows, queueDeps, logger, queueOptions);
  const sweeper = new Sweeper(journal, deps, logger, config.SWEEP_MS);

  const repository = new CaseRepository(pool);
  const cases: Cases = { repository, journal, pool, wakeQueue: () => queue.wake() };

  return {
    module: SettlementRelayModule,
    controllers: [SettlementController, CasesController],
    providers: [
      { provide: SETTLE_DEPS, useValue: deps },
      { provide: CASES, useValue: cases },
      { provide: KEYS, useValue: keys },
      { provide: NetworkQueue, useValue: queue },
      { provide: Sweeper, useValue: sweeper },
      { provide: OutboxRelay, useValue: outbox },
    ],
  };
}

class SettlementRelayModule {}

const clock: Clock = {
  now: () => new Date(),
  // A deadline that nobody waits for any more does not keep the process.
  until: (time) =>
    new Promise((resolve) => setTimeout(resolve, Math.max(0, time.getTime() - Date.now())).unref()),
};

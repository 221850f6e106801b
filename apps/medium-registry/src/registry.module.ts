import { DealThreads } from '@couplet/best-deal';
import { loadTokenKey } from '@couplet/medium-id';
import { OutboxRelay } from '@couplet/outbox';
import { failpoint, type Platform } from '@couplet/service-host';
import type { DynamicModule } from '@nestjs/common';
import { Issuance } from './clients/issuance.ts';
import { BarcodeScans } from './clients/barcode-scans.ts';
import { SettlementRelay } from './clients/settlement-relay.ts';
import type { RegistryConfig } from './config.ts';
import { OfferCache } from './db/offers.ts';
import type { Registry } from './db/registry.ts';
import { AcquisitionsController } from './handlers/acquisitions.controller.ts';
import { ClaimFinisher } from './handlers/claim-finisher.ts';
import { CodeAcquisition } from './handlers/code-acquisition.ts';
import { type Clock, CouponsController } from './handlers/coupons.controller.ts';
import { EndApplier } from './handlers/end-applier.ts';
import { HeldCouponsController } from './handlers/held-coupons.controller.ts';
import { HoldersController } from './handlers/holders.controller.ts';
import { MediumTokens } from './handlers/medium-tokens.ts';
import { OffersController } from './handlers/offers.controller.ts';
import { Resolver } from './handlers/resolver.ts';
import { ScansController } from './handlers/scans.controller.ts';
import { Searching } from './handlers/searching.ts';
import { SettlementsController } from './handlers/settlements.controller.ts';
import { StoresController } from './handlers/stores.controller.ts';
import {
  CLOCK,
  DEAL_SEARCH,
  DECIDERS,
  ISSUANCE,
  LOGGER,
  MEDIUM_TOKENS,
  OUTBOX,
  REGISTRY,
  RESOLVE_EVERY_MS,
} from './handlers/tokens.ts';

/** One basket in some hundred thousand needs a thread, for as long as its caller waits. */
const DEAL_QUEUE_MAX = 16;

class RegistryModule {}

/** @throws RangeError if TOKEN_KEY is not a token key */
export function registryModule(
  { client, events, logger, pool }: Platform,
  config: RegistryConfig,
  reached: Registry['reached'] = failpoint,
): DynamicModule {
  const registry: Registry = { pool, offers: new OfferCache(), reached };
  const clock: Clock = { now: Date.now, toleranceMs: config.PRESENTED_AT_TOLERANCE_MS };
  const deals = new DealThreads({
    threads: config.SEARCH_THREADS,
    queueMax: DEAL_QUEUE_MAX,
    onFailure: (error) => logger.error({ err: error }, 'a search for the best deal failed'),
  });
  return {
    module: RegistryModule,
    controllers: [
      HoldersController,
      AcquisitionsController,
      CouponsController,
      OffersController,
      StoresController,
      SettlementsController,
      ScansController,
      HeldCouponsController,
    ],
    providers: [
      { provide: REGISTRY, useValue: registry },
      { provide: CLOCK, useValue: clock },
      { provide: DEAL_SEARCH, useValue: deals },
      { provide: Searching, useFactory: () => new Searching(deals) },
      { provide: LOGGER, useValue: logger },
      { provide: RESOLVE_EVERY_MS, useValue: config.RESOLVE_EVERY_MS },
      { provide: MEDIUM_TOKENS, useValue: new MediumTokens(loadTokenKey(config.TOKEN_KEY)) },
      {
        provide: DECIDERS,
        useValue: { 'settlement-relay': new SettlementRelay(client), barcode: new BarcodeScans(client) },
      },
      { provide: ISSUANCE, useValue: new Issuance(client) },
      { provide: OUTBOX, useFactory: () => new OutboxRelay(pool, events, logger) },
      CodeAcquisition,
      ClaimFinisher,
      EndApplier,
      Resolver,
    ],
  };
}

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
import { SettlementsController } from './handlers/settlements.controller.ts';
import { StoresController } from './handlers/stores.controller.ts';
import {
  CLOCK,
  DECIDERS,
  ISSUANCE,
  LOGGER,
  MEDIUM_TOKENS,
  OUTBOX,
  REGISTRY,
  RESOLVE_EVERY_MS,
} from './handlers/tokens.ts';

class RegistryModule {}

/** @throws RangeError if TOKEN_KEY is not a token key */
export function registryModule(
  { client, events, logger, pool }: Platform,
  config: RegistryConfig,
  reached: Registry['reached'] = failpoint,
): DynamicModule {
  const registry: Registry = { pool, offers: new OfferCache(), reached };
  const clock: Clock = { now: Date.now, toleranceMs: config.PRESENTED_AT_TOLERANCE_MS };
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

import { OutboxRelay } from '@couplet/outbox';
import type { Platform, ServiceConfig } from '@couplet/service-host';
import type { DynamicModule } from '@nestjs/common';
import { Administration } from './db/administration.ts';
import { CampaignsController } from './handlers/campaigns.controller.ts';
import { CatalogueController } from './handlers/catalogue.controller.ts';
import { CodeWriter } from './handlers/code-writer.ts';
import { CodesController } from './handlers/codes.controller.ts';
import { CouponCodeController } from './handlers/coupon-code.controller.ts';
import { DraftsController } from './handlers/drafts.controller.ts';
import { OfferLife } from './handlers/offer-life.ts';
import { OffersController } from './handlers/offers.controller.ts';
import { PreviewController } from './handlers/preview.controller.ts';
import { RecordsController } from './handlers/records.controller.ts';
import { StoresController } from './handlers/stores.controller.ts';
import { LOGGER, POOL } from './handlers/tokens.ts';

class IssuanceModule {}

export function issuanceModule(
  { pool, events, logger }: Platform,
  config: Pick<ServiceConfig, 'DATABASE_URL'>,
): DynamicModule {
  return {
    module: IssuanceModule,
    controllers: [
      CatalogueController,
      StoresController,
      CampaignsController,
      DraftsController,
      CouponCodeController,
      OffersController,
      RecordsController,
      CodesController,
      PreviewController,
    ],
    providers: [
      { provide: OutboxRelay, useFactory: () => new OutboxRelay(pool, events, logger) },
      {
        provide: Administration,
        useFactory: (outbox: OutboxRelay) => Administration.open(config.DATABASE_URL, outbox),
        inject: [OutboxRelay],
      },
      { provide: POOL, useValue: pool },
      { provide: LOGGER, useValue: logger },
      OfferLife,
      CodeWriter,
    ],
  };
}

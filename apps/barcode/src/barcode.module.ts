import { OutboxRelay } from '@couplet/outbox';
import type { Platform } from '@couplet/service-host';
import type { DynamicModule } from '@nestjs/common';
import type { BarcodeConfig } from './config.ts';

class BarcodeModule {}

export function barcodeModule({ events, logger, pool }: Platform, _config: BarcodeConfig): DynamicModule {
  return {
    module: BarcodeModule,
    providers: [{ provide: OutboxRelay, useFactory: () => new OutboxRelay(pool, events, logger) }],
  };
}

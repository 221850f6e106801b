import type { EventLimits } from '@couplet/nats';
import type { Platform } from '@couplet/service-host';
import type { DynamicModule } from '@nestjs/common';
import { UsageWriter } from './db/usage-writer.ts';
import { InboxPruner } from './db/inbox-pruner.ts';
import { UsageReader } from './db/usage-reader.ts';
import { UsageEventsController } from './handlers/usage-events.controller.ts';
import { UsageQueriesController } from './handlers/usage-queries.controller.ts';

/** Events of one stream at once: they share transactions, so more of them cost less each. */
export const EVENT_LIMITS: Partial<EventLimits> = { concurrent: 512 };

class AnalyticsModule {}

export function analyticsModule({ pool, logger }: Platform): DynamicModule {
  return {
    module: AnalyticsModule,
    controllers: [UsageEventsController, UsageQueriesController],
    providers: [
      { provide: UsageWriter, useFactory: () => new UsageWriter(pool) },
      { provide: UsageReader, useFactory: () => new UsageReader(pool) },
      { provide: InboxPruner, useFactory: () => new InboxPruner(pool, logger) },
    ],
  };
}

import { readConfig, runService, ServiceConfig } from '@couplet/service-host';
import { analyticsModule, EVENT_LIMITS } from './analytics.module.ts';

const config = readConfig(ServiceConfig);
await runService({
  service: 'analytics',
  config,
  module: analyticsModule,
  transport: { eventLimits: EVENT_LIMITS },
});

import { runService } from '@couplet/service-host';
import { readSettlementRelayConfig } from './config.ts';
import { settlementRelayModule } from './settlement-relay.module.ts';

const config = readSettlementRelayConfig();
await runService({
  service: 'settlement-relay',
  config,
  module: (platform) => settlementRelayModule(platform, config),
});

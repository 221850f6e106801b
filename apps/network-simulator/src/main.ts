import { readConfig, runService } from '@couplet/service-host';
import { NetworkSimulatorConfig } from './config.ts';
import { networkSimulatorModule } from './network-simulator.module.ts';

const config = readConfig(NetworkSimulatorConfig);
await runService({
  service: 'network-simulator',
  config,
  relay: 'sim',
  module: networkSimulatorModule(config),
});

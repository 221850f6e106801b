import { readConfig, runService } from '@couplet/service-host';
import { RegistryConfig } from './config.ts';
import { registryModule } from './registry.module.ts';

const config = readConfig(RegistryConfig);
await runService({
  service: 'medium-registry',
  config,
  module: (platform) => registryModule(platform, config),
});

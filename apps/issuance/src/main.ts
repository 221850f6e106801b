import { readConfig, runService } from '@couplet/service-host';
import { IssuanceConfig } from './config.ts';
import { issuanceModule } from './issuance.module.ts';

const config = readConfig(IssuanceConfig);
await runService({ service: 'issuance', config, module: (platform) => issuanceModule(platform, config) });

import { readConfig, runService } from '@couplet/service-host';
import { barcodeModule } from './barcode.module.ts';
import { BarcodeConfig } from './config.ts';

const config = readConfig(BarcodeConfig);
await runService({ service: 'barcode', config, module: (platform) => barcodeModule(platform, config) });

import { readConfig, runService } from '@couplet/service-host';
import { NetworkSimulatorConfig } from './config.ts';
import { networkSimulator } from './network-simulator.module.ts';

await runService(networkSimulator(readConfig(NetworkSimulatorConfig)));

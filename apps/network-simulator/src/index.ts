export { NetworkSimulatorConfig } from './config.ts';
export { MIGRATIONS } from './db/migrations.ts';
export { networkSimulator } from './network-simulator.module.ts';

export { RegistryConfig } from './config.ts';
export { MIGRATIONS } from './migrations.ts';
export { registryModule } from './registry.module.ts';

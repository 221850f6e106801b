export { IssuanceConfig } from './config.ts';
export { MIGRATIONS } from './db/migrations.ts';
export { issuanceModule } from './issuance.module.ts';

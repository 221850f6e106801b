export { FAILPOINTS, type Failpoint } from './failpoints.ts';
export { MIGRATIONS } from './migrations.ts';

export { MIGRATIONS } from './db/migrations/index.ts';
export { FAILPOINTS, type Failpoint } from './failpoints.ts';

export { createPool, type PoolOptions } from './pool.ts';
export { FIND_BY_KEY, FIND_FREELY } from './find-by-key.ts';
export { inTransaction } from './in-transaction.ts';
export { migrate, type MigrateOptions } from './migrate.ts';
export { Gathered, type GatherOptions } from './gathered.ts';

export { createPool, type PoolOptions } from './pool.ts';
export { inTransaction } from './in-transaction.ts';
export { migrate, type MigrateOptions } from './migrate.ts';
export { Gathered, type GatherOptions } from './gathered.ts';

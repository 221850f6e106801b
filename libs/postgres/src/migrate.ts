import pg from 'pg';
import type { MigrationInterface } from 'typeorm';

export interface MigrateOptions {
  /** Of the role that owns the schema. */
  url: string;
  schema: string;
  /** Classes whose names end in the timestamp that orders them, e.g. `CreateCoupon1767225600000`. */
  migrations: (new () => MigrationInterface)[];
}

/**
 * Brings one schema up to date, each migration in its own transaction, and returns the names of those it ran.
 *
 * Of several that start at once one works and the others wait, then find nothing to do: TypeORM itself has no lock. The
 * lock is held by a transaction, so it holds behind PgBouncer and cannot outlive its connection.
 */
export async function migrate({ url, schema, migrations }: MigrateOptions): Promise<string[]> {
  const lock = new pg.Client({ connectionString: url, application_name: `migrate ${schema}` });
  await lock.connect();
  try {
    await lock.query('BEGIN');
    await lock.query('SET LOCAL idle_in_transaction_session_timeout = 0');
    await lock.query("SELECT pg_advisory_xact_lock(hashtext('couplet migrate'), hashtext($1))", [schema]);
    // Services start without TypeORM: only what migrates loads it.
    const { runMigrations } = await import('./run-migrations.ts');
    return await runMigrations({ url, schema, migrations });
  } finally {
    await lock.end();
  }
}

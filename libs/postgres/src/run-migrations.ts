import { AbstractLogger, DataSource } from 'typeorm';
import type { MigrateOptions } from './migrate.ts';

/** Runs what has not run yet, each migration in its own transaction. @returns the names of those it ran */
export async function runMigrations({ url, schema, migrations }: MigrateOptions): Promise<string[]> {
  const db = new DataSource({
    type: 'postgres',
    url,
    schema,
    migrations,
    migrationsTableName: 'migration',
    installExtensions: false,
    logger: new Silent(),
  });
  await db.initialize();
  try {
    const ran = await db.runMigrations({ transaction: 'each' });
    return ran.map(({ name }) => name);
  } finally {
    await db.destroy();
  }
}

/** TypeORM logs a failed migration to the console even with logging off; the caller gets the error and logs it. */
class Silent extends AbstractLogger {
  protected writeLog(): void {}
}

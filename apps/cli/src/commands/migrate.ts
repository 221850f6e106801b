import { type Program, PROGRAMS } from '@couplet/contracts';
import { schemaOf } from '@couplet/infra';
import { ConfigError, parseConfig } from '@couplet/service-host';
import { z } from 'zod';
import { runMigrations } from '../topology/run-migrations.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Migrates the schemas of the programs whose database is named.
 *
 * @param env `DATABASE_URL_<SERVICE>` (or `…_FILE`), such as `DATABASE_URL_MEDIUM_REGISTRY`, each with the role of that program
 * @returns the programs that were migrated
 * @throws ConfigError if none is named, or one is no PostgreSQL URL
 */
export async function migrate(env: Environment): Promise<Program[]> {
  const Config = z.object(
    Object.fromEntries(
      PROGRAMS.map((program) => [
        variableOf(program),
        z
          .string()
          .regex(/^postgres(ql)?:\/\//, 'must be postgres://user:password@host:port/database')
          .optional(),
      ]),
    ),
  );
  const config = parseConfig(Config, env);
  const urls = Object.fromEntries(
    PROGRAMS.flatMap((program) =>
      config[variableOf(program)] ? [[program, config[variableOf(program)]]] : [],
    ),
  ) as Partial<Record<Program, string>>;
  const named = PROGRAMS.filter((program) => urls[program] !== undefined);
  if (named.length === 0) {
    throw new ConfigError([`name a database: ${PROGRAMS.map(variableOf).join(', ')} (or each with _FILE)`]);
  }
  await runMigrations(urls);
  return named;
}

export function variableOf(program: Program): string {
  return `DATABASE_URL_${schemaOf(program).toUpperCase()}`;
}

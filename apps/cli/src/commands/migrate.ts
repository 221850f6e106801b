import { SERVICES, type Service } from '@couplet/contracts';
import { schemaOf } from '@couplet/infra';
import { ConfigError, parseConfig } from '@couplet/service-host';
import { z } from 'zod';
import { runMigrations } from '../topology/run-migrations.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Migrates the schemas of the services whose database is named.
 *
 * @param env `DATABASE_URL_<SERVICE>` (or `…_FILE`), such as `DATABASE_URL_MEDIUM_REGISTRY`, each with the role of that service
 * @returns the services that were migrated
 * @throws ConfigError if none is named, or one is no PostgreSQL URL
 */
export async function migrate(env: Environment): Promise<Service[]> {
  const Config = z.object(
    Object.fromEntries(
      SERVICES.map((service) => [
        variableOf(service),
        z
          .string()
          .regex(/^postgres(ql)?:\/\//, 'must be postgres://user:password@host:port/database')
          .optional(),
      ]),
    ),
  );
  const config = parseConfig(Config, env);
  const urls = Object.fromEntries(
    SERVICES.flatMap((service) =>
      config[variableOf(service)] ? [[service, config[variableOf(service)]]] : [],
    ),
  ) as Partial<Record<Service, string>>;
  const named = SERVICES.filter((service) => urls[service] !== undefined);
  if (named.length === 0) {
    throw new ConfigError([`name a database: ${SERVICES.map(variableOf).join(', ')} (or each with _FILE)`]);
  }
  await runMigrations(urls);
  return named;
}

export function variableOf(service: Service): string {
  return `DATABASE_URL_${schemaOf(service).toUpperCase()}`;
}

import { provision } from '../provision.ts';
import { startContainer } from './container.ts';
import { startEmbedded } from './embedded.ts';
import { useExternal } from './external.ts';
import type { PostgresOptions, PostgresServer } from './server.ts';

export interface RunningPostgres extends PostgresServer {
  /** A schema and a role per service; the answer is the connection URL of each. May be called again for more. */
  provision<Service extends string>(services: readonly Service[]): Promise<Record<Service, string>>;
}

/**
 * A PostgreSQL of our own, gone when this process is.
 *
 * `DATABASE_URL` set: a fresh database on that server. `TEST_INFRA=containers`: Testcontainers. Otherwise the real
 * binaries of PostgreSQL 18 from npm.
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<RunningPostgres> {
  const server = await startServer(options);
  return { ...server, provision: (services) => provision(server.adminUrl, services, server.rolePrefix) };
}

async function startServer(options: PostgresOptions): Promise<PostgresServer> {
  const { DATABASE_URL, TEST_INFRA } = process.env;
  if (DATABASE_URL) return useExternal(DATABASE_URL, options);
  if (TEST_INFRA === 'containers') return startContainer(options);
  return startEmbedded(options);
}

import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { cleanUpByScript } from '../run-script.ts';
import type { PostgresOptions, PostgresServer } from './server.ts';

/**
 * A fresh database on a server that somebody else runs, dropped at the end with its roles.
 *
 * @param url of a user that may create databases and roles
 */
export async function useExternal(url: string, options: PostgresOptions): Promise<PostgresServer> {
  const database = `couplet_${randomBytes(6).toString('hex')}`;
  const adminUrl = new URL(url);
  adminUrl.pathname = `/${database}`;
  const rolePrefix = `${database}_`;
  const drop = options.keep
    ? undefined
    : cleanUpByScript('drop-database', { adminUrl: url, database, rolePrefix });

  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`CREATE DATABASE ${pg.escapeIdentifier(database)} TEMPLATE template0 ENCODING 'UTF8'`);
  await client.end();

  const notOurs = () =>
    Promise.reject(new Error('DATABASE_URL names a server that is not ours to kill or restart'));
  return {
    adminUrl: adminUrl.href,
    rolePrefix,
    kill: notOurs,
    restart: notOurs,
    async stop() {
      await drop?.();
      if (options.keep) console.error(`infra: database ${database} kept`);
    },
  };
}

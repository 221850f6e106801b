import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import pg from 'pg';

const PROVISION_SQL = new URL('../../../deploy/postgres/provision.sql', import.meta.url);

/** The schema (and role) of a service: `medium-registry` lives in `medium_registry`. */
export const schemaOf = (service: string): string => service.replaceAll('-', '_');

/**
 * Gives every service a schema and a login role of its own with a random password, by `deploy/postgres/provision.sql`.
 *
 * @param adminUrl of a user that may create roles in that database
 * @param rolePrefix put before role names on a server shared with others
 * @returns the connection URL of each service, its schema first on the search path
 */
export async function provision<Service extends string>(
  adminUrl: string,
  services: readonly Service[],
  rolePrefix = '',
): Promise<Record<Service, string>> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query(await readFile(PROVISION_SQL, 'utf8'));
    const urls = {} as Record<Service, string>;
    for (const service of services) {
      const [role, password] = [`${rolePrefix}${schemaOf(service)}`, randomBytes(18).toString('base64url')];
      await client.query('SELECT pg_temp.provision_service($1, $2, $3)', [schemaOf(service), role, password]);
      urls[service] = withUser(adminUrl, role, password);
    }
    return urls;
  } finally {
    await client.end();
  }
}

function withUser(adminUrl: string, user: string, password: string): string {
  const url = new URL(adminUrl);
  url.username = user;
  url.password = password;
  return url.href;
}

import { permissionsFor, type Program, PROGRAMS } from '@couplet/contracts';
import { natsConfig, schemaOf, type NatsUser } from '@couplet/infra';
import path from 'node:path';
import { newKey } from '../topology/key-files.ts';
import { newPassword, PRINCIPALS, principalUser, relayUser } from '../topology/nats-users.ts';
import { SecretFiles } from '../topology/secret-files.ts';

export interface SecretsOptions {
  /** Names of the relays that get a credential. */
  relays: readonly string[];
  /** Those of them whose stores may come over HTTP: the gateway gets their credentials, too. Default: none. */
  httpRelays?: readonly string[];
  /** Where services find their database: `host:port/name`. */
  database: string;
  /** Runs the services; default: who runs this. */
  serviceUid?: number;
}

const NATS = { host: '0.0.0.0', port: 4222, monitorPort: 8222, storeDirectory: '/data', syncAlways: true };
const SUPERUSER = 'postgres';

/**
 * Makes every password and key of a deployment, each for those who need it, in folders that are handed out one by one:
 *
 * - `<service>/`: `database-url`, `nats-password`, `token.key`, `fingerprint.key`, `code.key` as far as it wants them
 * - `deployer/`: `nats-password`
 * - `clients/`: `<operator or relay>.password`, to be given to whoever connects from outside
 * - `postgres/`: `superuser-password`, `pgpass`, `<service>-db-password`
 * - `nats/`: `nats.conf`
 *
 * A second run keeps every secret and adds what is new, such as the permissions of a changed contract.
 *
 * @throws RangeError if a relay cannot have its name
 */
export async function makeSecrets(directory: string, options: SecretsOptions): Promise<void> {
  for (const relay of options.relays) permissionsFor({ relay }); // Before anything is written.
  const of = (name: string, uid?: number) => new SecretFiles(path.join(directory, name), uid);
  const programs = new Map(PROGRAMS.map((name) => [name, of(name, options.serviceUid)]));

  await writePostgres(of('postgres'), programs, options.database);
  await writeKeys(programs);
  const clients = of('clients');
  const passwordOf = (user: (typeof PRINCIPALS)[number]) => {
    if (user === 'operator') return clients.keep('operator.password', newPassword);
    const files = user === 'deployer' ? of(user, options.serviceUid) : programs.get(user)!;
    return files.keep('nats-password', newPassword);
  };
  const users: NatsUser[] = [];
  const httpRelays = new Map<string, string>();
  for (const user of PRINCIPALS) users.push(principalUser(user, await passwordOf(user)));
  for (const relay of options.relays) {
    const password = await clients.keep(`${relay}.password`, newPassword);
    users.push(relayUser(relay, password));
    if (options.httpRelays?.includes(relay)) httpRelays.set(relay, password);
  }
  const passwords = JSON.stringify(Object.fromEntries(httpRelays));
  await programs.get('gateway')!.write('relay-passwords.json', passwords);
  await of('nats').write('nats.conf', natsConfig({ ...NATS, users }));
}

async function writePostgres(
  postgres: SecretFiles,
  programs: ReadonlyMap<Program, SecretFiles>,
  database: string,
): Promise<void> {
  const { hostname, port, pathname } = new URL(`postgres://${database}`);
  const superuser = await postgres.keep('superuser-password', newPassword);
  await postgres.write('pgpass', [hostname, port || 5432, pathname.slice(1), SUPERUSER, superuser].join(':'));
  for (const [name, files] of programs) {
    const password = await postgres.keep(`${name}-db-password`, newPassword);
    await files.write('database-url', `postgres://${schemaOf(name)}:${password}@${database}`);
  }
}

/** The relay and the registry make the same token of the same card, so they hold the same key. */
async function writeKeys(programs: ReadonlyMap<Program, SecretFiles>): Promise<void> {
  const [relay, registry] = [programs.get('settlement-relay')!, programs.get('medium-registry')!];
  const tokenKey = await registry.keep('token.key', () => newKey('k1'));
  await relay.write('token.key', tokenKey);
  await relay.keep('fingerprint.key', () => newKey('k1'));
  await programs.get('barcode')!.keep('code.key', () => newKey('k1'));
  await programs.get('gateway')!.keep('gateway.key', () => newKey('k1'));
}

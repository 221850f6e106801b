import { PROGRAMS } from '@couplet/contracts';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { makeSecrets } from './make-secrets.ts';

let directory: string;
beforeEach(() => (directory = mkdtempSync(path.join(tmpdir(), 'couplet-secrets-'))));
afterEach(() => rmSync(directory, { recursive: true }));

const make = (relays: string[]) => makeSecrets(directory, { relays, database: 'postgres:5432/couplet' });
const read = (name: string) => readFileSync(path.join(directory, name), 'utf8').trimEnd();
const files = () =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(path.join(directory, name)).isFile(),
  );
const users = () =>
  (JSON.parse(read('nats/nats.conf')) as { authorization: { users: Record<string, unknown>[] } })
    .authorization.users;

describe('makeSecrets', () => {
  it('gives every service its database and its NATS user, in files for one reader', async () => {
    await make(['sim']);
    for (const service of PROGRAMS) {
      const role = service.replaceAll('-', '_');
      const password = read(`postgres/${service}-db-password`);
      expect(read(`${service}/database-url`)).toBe(`postgres://${role}:${password}@postgres:5432/couplet`);
      expect(users()).toContainEqual(
        expect.objectContaining({ user: service, password: read(`${service}/nats-password`) }),
      );
    }
    for (const name of files()) expect(statSync(path.join(directory, name)).mode & 0o777).toBe(0o400);
  });

  it('hands out keys to those alone who use them', async () => {
    await make(['sim']);
    expect(
      files()
        .filter((name) => name.endsWith('.key'))
        .sort(),
    ).toEqual([
      'barcode/code.key',
      'gateway/gateway.key',
      'medium-registry/token.key',
      'settlement-relay/fingerprint.key',
      'settlement-relay/token.key',
    ]);
    expect(read('settlement-relay/token.key')).toBe(read('medium-registry/token.key'));
    expect(read('settlement-relay/token.key')).not.toBe(read('settlement-relay/fingerprint.key'));
  });

  it('lets the gateway ask in the name of those relays alone whose stores come over HTTP', async () => {
    await makeSecrets(directory, {
      relays: ['sim', 'acme'],
      httpRelays: ['acme'],
      database: 'postgres:5432/couplet',
    });
    expect(JSON.parse(read('gateway/relay-passwords.json'))).toEqual({ acme: read('clients/acme.password') });
  });

  it('keeps every secret when it runs again, and adds a relay under its own subjects', async () => {
    await make(['sim']);
    const before = Object.fromEntries(files().map((name) => [name, read(name)]));
    await make(['sim', 'acme']);
    delete before['nats/nats.conf'];
    for (const [name, secret] of Object.entries(before)) expect(read(name)).toBe(secret);
    const acme = users().find(({ user }) => user === 'acme');
    expect(acme).toMatchObject({ password: read('clients/acme.password') });
    expect(JSON.stringify(acme)).toContain('couplet.request.settlement-relay.settle.*.acme');
  });

  it.each(['operator', 'issuance', 'Not A Token'])(
    'refuses the relay "%s" and writes nothing',
    async (relay) => {
      await expect(make(['sim', relay])).rejects.toThrow(RangeError);
      expect(files()).toEqual([]);
    },
  );
});

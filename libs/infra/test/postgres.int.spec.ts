import pg from 'pg';
import { startPostgres, type RunningPostgres } from '../src/index.ts';

let postgres: RunningPostgres;
beforeAll(async () => void (postgres = await startPostgres()));
afterAll(() => postgres.stop());

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('startPostgres', () => {
  it('is durable unless told otherwise', async () => {
    const [settings] = await query(
      postgres.adminUrl,
      `SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit, current_setting('server_encoding') AS encoding`,
    );
    expect(settings).toEqual({ fsync: 'on', commit: 'on', encoding: 'UTF8' });
  });

  it('wants the password', async () => {
    const url = new URL(postgres.adminUrl);
    url.password = 'wrong';
    await expect(query(url.href, 'SELECT 1')).rejects.toThrow(/authentication/);
  });

  const itIfOurs = process.env['DATABASE_URL'] ? it.skip : it;
  itIfOurs('comes back on the same port with what was committed, also twice after kill -9', async () => {
    await query(postgres.adminUrl, 'CREATE TABLE kept (n int)');
    for (const n of [1, 2]) {
      await query(postgres.adminUrl, `INSERT INTO kept VALUES (${n})`);
      await postgres.kill();
      await expect(query(postgres.adminUrl, 'SELECT 1')).rejects.toThrow();
      await postgres.restart();
    }
    expect(await query(postgres.adminUrl, 'SELECT n FROM kept ORDER BY n')).toEqual([{ n: 1 }, { n: 2 }]);
  });
});

describe('provision', () => {
  it('gives each service its schema, first on its search path, and no way to another', async () => {
    const urls = await postgres.provision(['issuance', 'medium-registry']);
    await query(urls['medium-registry'], 'CREATE TABLE holder (id int)');

    const [where] = await query(
      urls['medium-registry'],
      `SELECT 'holder'::regclass::oid::regclass::text, current_schema()`,
    );
    expect(where).toEqual({ text: 'holder', current_schema: 'medium_registry' });
    await expect(query(urls.issuance, 'SELECT * FROM medium_registry.holder')).rejects.toThrow(
      'permission denied for schema',
    );
    await expect(query(urls.issuance, 'CREATE TABLE public.t (id int)')).rejects.toThrow(
      'permission denied for schema',
    );
    await expect(query(urls.issuance, 'CREATE SCHEMA mine')).rejects.toThrow(
      'permission denied for database',
    );
    await expect(query(urls.issuance, 'CREATE TEMP TABLE t (id int)')).rejects.toThrow('permission denied');
  });

  it('may run again, for more services or new passwords', async () => {
    const before = await postgres.provision(['analytics']);
    const after = await postgres.provision(['analytics', 'clearing']);

    await expect(query(before.analytics, 'SELECT 1')).rejects.toThrow(/authentication/);
    expect(await query(after.clearing, 'SELECT current_schema()')).toEqual([{ current_schema: 'clearing' }]);
  });
});

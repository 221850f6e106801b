import pg from 'pg';
import { startPostgres, wholeReads, type RunningPostgres } from '../src/index.ts';

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

describe('wholeReads', () => {
  it('finds what reads tables whole when it was planned while they were empty, and empties none', async () => {
    const { barcode: connectionString } = await postgres.provision(['barcode']);
    const methods = ['seqscan', 'hashjoin', 'mergejoin'].map((method) => `-c enable_${method}=off`);
    const pool = new pg.Pool({ connectionString, options: methods.join(' ') });
    try {
      await pool.query('CREATE TABLE t (id int PRIMARY KEY, v int); INSERT INTO t VALUES (1, 2)');
      const joined = 'SELECT v FROM unnest($1::int[]) AS id JOIN t USING (id)';

      const found = await wholeReads(pool, [
        { name: 'all', text: 'SELECT v FROM t' },
        { name: 'a join', text: joined },
        { name: 'the least of all', text: 'SELECT v FROM t ORDER BY v LIMIT 1' },
        { name: 'the first', text: 'SELECT v FROM t ORDER BY id LIMIT 1' },
        { name: 'one', text: 'SELECT v FROM t WHERE id = $1' },
        { name: 'a join by its key', text: `${joined} WHERE t.id = ANY ($1)` },
      ]);

      expect(found.map(({ name, tables }) => [name, ...tables])).toEqual([
        ['all', 't'],
        ['a join', 't'],
        ['the least of all', 't'],
      ]);
      expect((await pool.query('SELECT * FROM t')).rows).toEqual([{ id: 1, v: 2 }]);
    } finally {
      await pool.end();
    }
  });
});

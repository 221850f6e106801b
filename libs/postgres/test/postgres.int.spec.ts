import { startPostgres, type RunningPostgres } from '@couplet/infra';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { Pool } from 'pg';
import { createPool, inTransaction, migrate } from '../src/index.ts';

let postgres: RunningPostgres;
let url: string;
let pool: Pool;
beforeAll(async () => {
  postgres = await startPostgres({ durable: false });
  url = (await postgres.provision(['ledger'])).ledger;
  pool = createPool(url);
  await pool.query('CREATE TABLE entry (amount int8 NOT NULL, day date)');
});
afterAll(async () => {
  await pool.end();
  await postgres.stop();
});

const amounts = async () =>
  (await pool.query('SELECT amount FROM entry ORDER BY amount')).rows.map((row) => row.amount);

describe('createPool', () => {
  it('reads int8 as bigint and a date as it is written', async () => {
    const { rows } = await pool.query(
      `SELECT 9007199254740993::int8 AS amount, DATE '2017-03-26' AS day, 1.10::numeric AS rate`,
    );
    expect(rows).toEqual([{ amount: 9007199254740993n, day: '2017-03-26', rate: '1.10' }]);
  });

  it('survives the loss of its idle connections', async () => {
    const lost: Error[] = [];
    const fragile = createPool(url, { onIdleError: (error) => lost.push(error) });
    const { rows } = await fragile.query('SELECT pg_backend_pid() AS pid');
    await pool.query('SELECT pg_terminate_backend($1)', [rows[0].pid]);
    while (lost.length === 0) await new Promise(setImmediate);

    expect((await fragile.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await fragile.end();
  });
});

describe('inTransaction', () => {
  it('commits what resolves and leaves no trace of what rejects', async () => {
    const answer = await inTransaction(pool, async (db) => {
      await db.query('INSERT INTO entry VALUES (1)');
      return 'done';
    });
    const failing = inTransaction(pool, async (db) => {
      await db.query('INSERT INTO entry VALUES (2)');
      throw new Error('no');
    });

    await expect(failing).rejects.toThrow('no');
    expect(answer).toBe('done');
    expect(await amounts()).toEqual([1n]);
  });

  it('runs the loser of a deadlock again', async () => {
    await pool.query('CREATE TABLE seat (place text PRIMARY KEY, taken int NOT NULL)');
    await pool.query(`INSERT INTO seat VALUES ('a', 0), ('b', 0)`);
    const take = 'UPDATE seat SET taken = taken + 1 WHERE place = $1';
    let waiting = 2;
    let go: () => void;
    const bothHoldOne = new Promise<void>((resolve) => (go = resolve));
    const inOrder = (first: string, second: string) =>
      inTransaction(pool, async (db) => {
        await db.query(take, [first]);
        if (--waiting === 0) go();
        await bothHoldOne;
        await db.query(take, [second]);
      });

    await Promise.all([inOrder('a', 'b'), inOrder('b', 'a')]);

    const { rows } = await pool.query('SELECT taken FROM seat');
    expect(rows).toEqual([{ taken: 2 }, { taken: 2 }]);
    expect(waiting).toBeLessThan(0); // One of them came a second time.
  });

  it('does not reuse a connection that broke inside', async () => {
    const single = createPool(url, { max: 1 });
    const broken = inTransaction(single, (db) => db.query('SELECT pg_terminate_backend(pg_backend_pid())'));
    await expect(broken).rejects.toThrow();
    expect((await single.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await single.end();
  });
});

class CreateAccount1700000000001 implements MigrationInterface {
  // Without the lock, both would be here at once and one would fail on the table that already exists.
  async up(db: QueryRunner): Promise<void> {
    await db.query('SELECT pg_sleep(0.2)');
    await db.query('CREATE TABLE account (id int PRIMARY KEY)');
  }
  async down(): Promise<void> {}
}
class FillAccount1700000000002 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query('INSERT INTO account VALUES (1)');
  }
  async down(): Promise<void> {}
}
class Fails1700000000003 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query('INSERT INTO account VALUES (2)');
    await db.query('SELECT 1/0');
  }
  async down(): Promise<void> {}
}

describe('migrate', () => {
  const migrations = [CreateAccount1700000000001, FillAccount1700000000002];

  it('lets one of several run the migrations while the others wait and find nothing to do', async () => {
    const ran = await Promise.all([1, 2, 3].map(() => migrate({ url, schema: 'ledger', migrations })));

    expect(ran.filter((names) => names.length > 0)).toEqual([
      ['CreateAccount1700000000001', 'FillAccount1700000000002'],
    ]);
    expect((await pool.query('SELECT id FROM account')).rows).toEqual([{ id: 1 }]);
  });

  it('leaves a failing migration undone and unrecorded, and gives the lock back', async () => {
    const withFailing = { url, schema: 'ledger', migrations: [...migrations, Fails1700000000003] };
    await expect(migrate(withFailing)).rejects.toThrow('division by zero');
    await expect(migrate(withFailing)).rejects.toThrow('division by zero');
    expect((await pool.query('SELECT id FROM account')).rows).toEqual([{ id: 1 }]);
  });
});

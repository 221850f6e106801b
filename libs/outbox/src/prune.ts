import { inTransaction } from '@couplet/postgres';
import type pg from 'pg';
import { DAYS_AHEAD, KEPT_TABLES, type KeptTable } from './daily-tables.ts';
import { dayOf, dayOfPartition, firstIdOf, makeDay } from './day-partitions.ts';

/** Writers queue behind a lock that is waited for. One that is not to be had so soon is left to the next prune. */
const LOCK_TIMEOUT_MS = 250;
const CHUNK = 5_000;

/**
 * Makes the partitions of the days to come, and drops those of the outbox that ended more than 30 days ago and those of
 * the inbox that ended more than 62 days ago, whose events no stream can deliver again. A day with an event still due
 * stays however old. Safe beside relays and other prunes. The relay calls it once an hour.
 *
 * @returns names of the partitions that are gone
 * @throws DatabaseError 55P03 when a table was in use for too long; what was not done is left to the next prune
 */
export async function pruneOutbox(pool: pg.Pool, { now }: { now: Date }): Promise<string[]> {
  const today = dayOf(now);
  const dropped: string[] = [];
  for (const table of KEPT_TABLES) {
    for (let day = today; day <= today + DAYS_AHEAD; day++) {
      await exclusively(pool, (client) => client.query(makeDay(table, day)));
    }
    const firstKept = today - table.keepDays;
    for (const [partition, day] of await partitionsBefore(pool, table, firstKept)) {
      if (await drop(pool, table, partition, day)) dropped.push(partition);
    }
    await emptyDefaultBefore(pool, table, firstKept);
  }
  return dropped;
}

async function partitionsBefore(pool: pg.Pool, table: KeptTable, firstKept: number) {
  const { rows } = await pool.query<{ partition: string }>(
    'SELECT inhrelid::regclass::text AS partition FROM pg_inherits WHERE inhparent = to_regclass($1)',
    [table.name],
  );
  return rows
    .map(({ partition }) => [partition, dayOfPartition(table, partition)] as const)
    .filter((one): one is [string, number] => one[1] !== undefined && one[1] < firstKept);
}

async function drop(pool: pg.Pool, table: KeptTable, partition: string, day: number): Promise<boolean> {
  const isKept = async (db: pg.Pool | pg.PoolClient): Promise<boolean> =>
    table.keepsDue && (await isDue(db, day));
  if (await isKept(pool)) return false;
  return exclusively(pool, async (client) => {
    await client.query(`LOCK TABLE ONLY ${table.name} IN ACCESS EXCLUSIVE MODE`);
    if (await isKept(client)) return false; // A replay came in between.
    const { rows } = await client.query<{ isGone: boolean }>('SELECT to_regclass($1) IS NULL AS "isGone"', [
      partition,
    ]);
    if (rows[0]!.isGone) return false; // By another prune.
    await client.query(`DROP TABLE ${partition}`);
    return true;
  });
}

async function isDue(db: pg.Pool | pg.PoolClient, day: number): Promise<boolean> {
  const { rowCount } = await db.query('SELECT FROM outbox_due WHERE id >= $1 AND id < $2 LIMIT 1', [
    firstIdOf(day),
    firstIdOf(day + 1),
  ]);
  return rowCount === 1;
}

/** Rows of days that had no partition when their first row came. */
async function emptyDefaultBefore(pool: pg.Pool, table: KeptTable, firstKept: number): Promise<void> {
  const { name, key, keepsDue } = table;
  const due = keepsDue ? `AND NOT EXISTS (SELECT FROM outbox_due due WHERE due.id = old.${key})` : '';
  const rows = `SELECT old.ctid FROM ${name}_default old WHERE ${key} < '${firstIdOf(firstKept)}' ${due}`;
  const areThere = async () => (await pool.query(`${rows} LIMIT 1`)).rowCount === 1;
  while (await areThere()) {
    await exclusively(pool, async (client) => {
      await client.query(`LOCK TABLE ${name}_default IN ACCESS EXCLUSIVE MODE`);
      await client.query(`DELETE FROM ${name}_default WHERE ctid = ANY (ARRAY(${rows} LIMIT ${CHUNK}))`);
    });
  }
}

/** Runs `work` in a transaction of its own: after those of other prunes of this schema, and waiting for no table for long. */
async function exclusively<Result>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  return inTransaction(pool, async (client) => {
    await client.query(`SELECT pg_advisory_xact_lock(hashtext('couplet prune'), hashtext(current_schema))`);
    await client.query(`SET LOCAL lock_timeout = '${LOCK_TIMEOUT_MS}ms'`);
    return work(client);
  });
}

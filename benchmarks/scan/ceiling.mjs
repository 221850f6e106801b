/** What PostgreSQL alone does: take a coupon, write a scan, mark the code used, write an event; one durable commit each. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { tempDirectory } from '@couplet/infra';
import pg from 'pg';

const run = promisify(execFile);
const CLIENTS = 32;
const COUPONS = 100_000;

const SCHEMA = `
  CREATE SCHEMA ceiling;
  CREATE TABLE ceiling.coupon (n int PRIMARY KEY, uses_left int NOT NULL) WITH (fillfactor = 90);
  INSERT INTO ceiling.coupon SELECT n, 1000000 FROM generate_series(1, ${COUPONS}) AS n;
  CREATE TABLE ceiling.scan (settlement_id uuid PRIMARY KEY, scan_id uuid UNIQUE, n int, state text, sale jsonb);
  CREATE TABLE ceiling.code_use (code_id uuid PRIMARY KEY, settlement_id uuid);
  CREATE TABLE ceiling.outbox (id uuid PRIMARY KEY, payload text);
  ANALYZE ceiling.coupon;`;

/** As the hot path would be at its best: one prepared statement. */
const STATEMENT = `
  WITH taken AS (
    UPDATE ceiling.coupon SET uses_left = uses_left - 1 WHERE n = $1 AND uses_left > 0 RETURNING n
  ), written AS (
    INSERT INTO ceiling.scan SELECT gen_random_uuid(), gen_random_uuid(), n, 'granted', '{"discount": 100}' FROM taken
    RETURNING settlement_id
  ), used AS (
    INSERT INTO ceiling.code_use SELECT gen_random_uuid(), settlement_id FROM written RETURNING 1
  )
  INSERT INTO ceiling.outbox SELECT gen_random_uuid(), '{"fact": "scan-granted"}' FROM written`;

/** Transactions per second: by pgbench where there is one, else by as many connections of this process. */
export async function ceiling(url, seconds) {
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  try {
    await admin.query(SCHEMA);
    return (await pgbenchVersion()) ? await byPgbench(url, seconds) : await byClients(url, seconds);
  } finally {
    await admin.query('DROP SCHEMA IF EXISTS ceiling CASCADE');
    await admin.end();
  }
}

export async function pgbenchVersion() {
  return run('pgbench', ['--version']).then(
    ({ stdout }) => stdout.trim(),
    () => undefined,
  );
}

async function byPgbench(url, seconds) {
  const directory = await tempDirectory('ceiling');
  try {
    const script = path.join(directory.path, 'scan.sql');
    await writeFile(script, `\\set n random(1, ${COUPONS})\n${STATEMENT.replaceAll('$1', ':n')};\n`);
    const options = [
      '-n',
      '-M',
      'prepared',
      '-c',
      String(CLIENTS),
      '-j',
      '2',
      '-T',
      String(seconds),
      '-f',
      script,
      url,
    ];
    const { stdout } = await run('pgbench', options);
    return Number(/tps = ([\d.]+)/.exec(stdout)[1]);
  } finally {
    await directory.remove();
  }
}

async function byClients(url, seconds) {
  const clients = Array.from({ length: CLIENTS }, () => new pg.Client({ connectionString: url }));
  await Promise.all(clients.map((client) => client.connect()));
  const end = performance.now() + seconds * 1000;
  let count = 0;
  await Promise.all(
    clients.map(async (client) => {
      for (; performance.now() < end; count++) {
        const n = 1 + Math.floor(Math.random() * COUPONS);
        await client.query({ name: 'scan', text: STATEMENT, values: [n] });
      }
    }),
  );
  await Promise.all(clients.map((client) => client.end()));
  return count / seconds;
}

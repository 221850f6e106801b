import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';

/**
 * Runs one prepared statement as often as it goes, each in a transaction of its own, by so many clients at once.
 *
 * @returns how often a second, and whether by pgbench or, where there is none, from this process
 */
export async function repeatStatement(url, sql, { clients, seconds }) {
  return withPgbench(url, sql, { clients, seconds }) ?? (await withDriver(url, sql, { clients, seconds }));
}

function withPgbench(url, sql, { clients, seconds }) {
  const { hostname, port, username, password, pathname } = new URL(url);
  const directory = mkdtempSync(path.join(tmpdir(), 'couplet-pgbench-'));
  const file = path.join(directory, 'transaction.sql');
  writeFileSync(file, `${sql.replaceAll(/\s+/g, ' ').trim()};\n`);
  const access = {
    PGHOST: hostname,
    PGPORT: port,
    PGUSER: username,
    PGPASSWORD: decodeURIComponent(password),
    PGDATABASE: pathname.slice(1),
  };
  const args = ['-n', '-M', 'prepared', '-c', clients, '-j', 2, '-T', seconds, '-f', file].map(String);
  const { error, status, stdout, stderr } = spawnSync('pgbench', args, {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, ...access },
  });
  rmSync(directory, { recursive: true });
  if (error?.code === 'ENOENT') return undefined;
  const found = /tps = ([\d.]+)/.exec(stdout ?? '');
  if (error || status !== 0 || !found) throw error ?? new Error(`pgbench failed:\n${stderr.slice(0, 1_000)}`);
  return { perS: Number(found[1]), by: 'pgbench' };
}

async function withDriver(url, text, { clients, seconds }) {
  const connections = await Promise.all(
    Array.from({ length: clients }, async () => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      return client;
    }),
  );
  let done = 0;
  const startedAt = performance.now();
  const end = startedAt + seconds * 1_000;
  await Promise.all(
    connections.map(async (client) => {
      for (; performance.now() < end; done++) await client.query({ name: 'ceiling', text });
    }),
  );
  const elapsedS = (performance.now() - startedAt) / 1_000;
  await Promise.all(connections.map((client) => client.end()));
  return { perS: done / elapsedS, by: 'bare driver' };
}

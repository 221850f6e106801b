import { createPool } from '@couplet/postgres';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { replay } from './replay.ts';

/**
 * `DATABASE_URL=… node libs/outbox/dist/replay-command.js --since 2026-11-20T08:00:00Z`, with the database credential
 * of the service whose stream lost events. Its running relays publish what this marks.
 */
const { values } = parseArgs({ options: { since: { type: 'string' } } });
const since = new Date(values.since ?? '');
const url = process.env.DATABASE_URL_FILE
  ? readFileSync(process.env.DATABASE_URL_FILE, 'utf8').trim()
  : process.env.DATABASE_URL;
if (Number.isNaN(since.getTime()) || !url) {
  console.error('usage: DATABASE_URL=postgresql://… replay-command.js --since <RFC 3339 time>');
  process.exit(64);
}

const pool = createPool(url, { applicationName: 'outbox-replay', max: 1 });
console.log(`${await replay(pool, { since })} events marked for publishing again`);
await pool.end();

import { execFile } from 'node:child_process';
import { chown, open, rename, rm, stat, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { DoseContext, Fault, Healing } from '../dose.ts';
import type { FaultSystem } from '../system.ts';

const run = promisify(execFile);
const SPARE_MIB = 24;
const FULL_MS = 4_000;

interface OnDisk {
  /** What the server writes into. */
  directory: string | undefined;
  kill(): Promise<void>;
  restart(): Promise<void>;
  /** Whether it has met the end of its disk. */
  isFull(): Promise<boolean>;
}

/** Only root can mount a small disk of its own; for others there are none of these. */
export function diskFaults(): Fault[] {
  if (process.getuid?.() !== 0 || process.platform !== 'linux') return [];
  const among = { phase: 'disks', lane: 'all' };
  return [
    {
      name: 'disk-full:nats',
      row: 'disk full under NATS',
      seeds: 1,
      among,
      run: (context) => fillDisk(context, natsOnDisk(context.system)),
    },
    {
      name: 'disk-full:postgres',
      row: 'disk full under PostgreSQL',
      seeds: 1,
      among,
      run: (context) => fillDisk(context, postgresOnDisk(context.system)),
    },
  ];
}

function natsOnDisk({ topology: { nats }, admin }: FaultSystem): OnDisk {
  return {
    directory: nats.storeDirectory,
    kill: () => nats.kill(),
    restart: () => nats.restart(),
    async isFull() {
      const { rows } = await admin.query<{ waiting: bigint }>(
        'SELECT count(*) AS waiting FROM settlement_relay.outbox_due',
      );
      return rows[0]!.waiting > 0n;
    },
  };
}

function postgresOnDisk({ topology: { postgres }, admin }: FaultSystem): OnDisk {
  return {
    directory: postgres.dataDirectory,
    kill: () => postgres.kill(),
    restart: () => postgres.restart(),
    // A table of a megabyte, which finds no room, or nobody to ask.
    isFull: () =>
      admin
        .query(`CREATE TABLE pg_temp.ballast AS SELECT repeat('x', 1000) FROM generate_series(1, 1000)`)
        .then(
          () => false,
          () => true,
        ),
  };
}

/** Moves the data onto a small disk, fills that under traffic, frees it, starts the server as an operator would, and moves back. */
async function fillDisk({ system }: DoseContext, server: OnDisk): Promise<Healing> {
  const { directory } = server;
  if (!directory) throw new Error('the data of this server cannot be reached from here');
  const disk = await smallDisk(server, directory);
  try {
    const before = await system.traffic.sell();
    await disk.fill();
    const meanwhile = system.traffic.sell();
    meanwhile.catch(() => undefined);
    await sleep(FULL_MS);
    const violations = (await server.isFull()) ? [] : ['the disk was not full'];
    await disk.free();
    await server.kill();
    await server.restart();
    const healedAt = performance.now();
    const cohorts = [before, await meanwhile];
    await Promise.all(cohorts.map(({ answers }) => answers.catch(() => undefined)));
    return { healedAt, cohorts, violations };
  } finally {
    await disk.remove();
  }
}

async function smallDisk(server: OnDisk, directory: string) {
  const { uid, gid, mode } = await stat(directory);
  const large = `${directory}.large`;
  const ballast = path.join(directory, 'ballast');
  await server.kill();
  await rename(directory, large);
  await mkdir(directory);
  const usedMib = Math.ceil(Number((await run('du', ['-sk', large])).stdout.split('\t')[0]) / 1_024);
  const options = `size=${usedMib + SPARE_MIB}m,uid=${uid},gid=${gid},mode=${(mode & 0o777).toString(8)}`;
  await run('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', directory]);
  await run('cp', ['-a', `${large}/.`, directory]);
  await server.restart();
  return {
    async fill() {
      const file = await open(ballast, 'w');
      await chown(ballast, uid, gid);
      const mib = Buffer.alloc(1_048_576);
      for (;;) {
        const full = await file.write(mib).then(() => false, isFull);
        if (full) return file.close();
      }
    },
    free: () => rm(ballast),
    async remove() {
      await server.kill();
      await rm(large, { recursive: true });
      await run('cp', ['-a', directory, large]);
      await run('umount', ['-l', directory]);
      await rm(directory, { recursive: true });
      await rename(large, directory);
      await server.restart();
    },
  };
}

function isFull(error: NodeJS.ErrnoException): true {
  if (error.code !== 'ENOSPC') throw error;
  return true;
}

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
}

/** Only root can mount a small disk of its own; others see these skipped. */
export function diskFaults(): Fault[] {
  if (process.getuid?.() !== 0 || process.platform !== 'linux') return [];
  return [
    {
      name: 'disk-full:nats',
      row: 'disk full under NATS',
      seeds: 1,
      run: (context) =>
        fillDisk(context, ({ topology: { nats } }) => ({ ...nats, directory: nats.storeDirectory })),
    },
    {
      name: 'disk-full:postgres',
      row: 'disk full under PostgreSQL',
      seeds: 1,
      run: (context) =>
        fillDisk(context, ({ topology: { postgres } }) => ({
          ...postgres,
          directory: postgres.dataDirectory,
        })),
    },
  ];
}

/** Moves the data onto a small disk, fills that under traffic, frees it, starts the server as an operator would, and moves back. */
async function fillDisk(
  { system }: DoseContext,
  serverOf: (system: FaultSystem) => OnDisk,
): Promise<Healing> {
  const server = serverOf(system);
  const { directory } = server;
  if (!directory) throw new Error('the data of this server cannot be reached from here');
  const disk = await smallDisk(server, directory);
  const before = await system.traffic.sell();
  await disk.fill();
  const meanwhile = system.traffic.sell();
  meanwhile.catch(() => undefined);
  await sleep(FULL_MS);
  await disk.free();
  await server.kill();
  await server.restart();
  const healedAt = performance.now();
  const cohorts = [before, await meanwhile];
  await Promise.all(cohorts.map(({ answers }) => answers.catch(() => undefined)));
  await disk.remove();
  return { healedAt, cohorts };
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

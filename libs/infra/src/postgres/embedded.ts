import { randomBytes } from 'node:crypto';
import { openSync, closeSync } from 'node:fs';
import { chown, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startChild, type Child } from '../child.ts';
import { freePort } from '../free-port.ts';
import { postgresOwner, type Owner } from '../owner.ts';
import { tempDirectory } from '../temp-directory.ts';
import { placeBinaries } from './binaries.ts';
import type { PostgresOptions, PostgresServer } from './server.ts';

const USER = 'couplet';
const START_TIMEOUT_MS = 30_000;

interface Cluster {
  home: string;
  bin: string;
  data: string;
  log: string;
  port: number;
  owner: Owner | undefined;
  flags: string[];
}

/** PostgreSQL from the npm package of this platform, on a free loopback port, with its data in a temp directory. */
export async function startEmbedded(options: PostgresOptions): Promise<PostgresServer> {
  const owner = postgresOwner();
  const home = await tempDirectory('postgres', { keep: options.keep, owner });
  const password = randomBytes(18).toString('base64url');
  const cluster = await createCluster(home.path, password, owner, options);
  let server = await start(cluster, 5);

  return {
    adminUrl: `postgres://${USER}:${password}@127.0.0.1:${cluster.port}/postgres`,
    rolePrefix: '',
    dataDirectory: cluster.data,
    async kill() {
      await server.end('SIGKILL');
    },
    async restart() {
      await server.end('SIGINT');
      server = await start(cluster, 1);
    },
    async stop() {
      // A killed server leaves a shared memory segment, which goes when it starts again and stops in order.
      if (await wasKilled(cluster, server)) server = await start(cluster, 5);
      await server.end('SIGINT');
      await home.remove();
      if (options.keep) console.error(`infra: PostgreSQL data kept in ${cluster.data}`);
    },
  };
}

async function createCluster(
  home: string,
  password: string,
  owner: Owner | undefined,
  options: PostgresOptions,
): Promise<Cluster> {
  const cluster: Cluster = {
    home,
    bin: await placeBinaries(join(home, 'native')),
    data: join(home, 'data'),
    log: join(home, 'postgres.log'),
    port: await freePort(),
    owner,
    flags: flags(options),
  };
  const passwordFile = join(home, 'password');
  await writeFile(passwordFile, password, { mode: 0o600 });
  await mkdir(cluster.data, { mode: 0o700 });
  if (owner) for (const path of [passwordFile, cluster.data]) await chown(path, owner.uid, owner.gid);

  const initdb = await run(cluster, 'initdb', [
    ...['--pgdata', cluster.data, '--username', USER, '--pwfile', passwordFile, '--auth', 'scram-sha-256'],
    ...['--encoding', 'UTF8', '--no-locale', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8'],
    ...['--no-instructions', '--no-sync'],
  ]);
  initdb.process.ref();
  const { code } = await initdb.exited;
  if (code !== 0) throw new Error(`initdb failed:\n${await readFile(cluster.log, 'utf8')}`);
  return cluster;
}

function flags(options: PostgresOptions): string[] {
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    shared_buffers: '128MB',
    dynamic_shared_memory_type: 'mmap', // /dev/shm would keep what a killed server leaves.
    ...(options.durable === false && { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
    ...options.settings,
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** Tries again on another port, or, after a crash, until the last process of the old server is gone. */
async function start(cluster: Cluster, portTries: number): Promise<Child> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const logged = (await readFile(cluster.log, 'utf8')).length;
    const server = await run(cluster, 'postgres', [
      '-D',
      cluster.data,
      '-p',
      `${cluster.port}`,
      ...cluster.flags,
    ]);
    while (!server.hasExited() && Date.now() < deadline) {
      if (await isReady(cluster, server.pid)) return server;
      await sleep(5);
    }
    await server.end('SIGKILL');
    const log = (await readFile(cluster.log, 'utf8')).slice(logged);
    const portTaken = log.includes('could not bind') && --portTries > 0;
    if (Date.now() > deadline || !(portTaken || log.includes('pre-existing shared memory block'))) {
      throw new Error(`PostgreSQL did not start:\n${log}`);
    }
    if (portTaken) cluster.port = await freePort();
    else await sleep(20);
  }
}

/** The last line of postmaster.pid tells the state of the server whose process id is on its first line. */
async function isReady(cluster: Cluster, pid: number): Promise<boolean> {
  const lines = await postmasterPid(cluster);
  return lines[0] === `${pid}` && lines[7]?.trim() === 'ready';
}

/** Asked of a server that ended: only one that stopped in order removes the file. */
async function wasKilled(cluster: Cluster, server: Child): Promise<boolean> {
  return server.hasExited() && (await postmasterPid(cluster))[0] === `${server.pid}`;
}

async function postmasterPid(cluster: Cluster): Promise<string[]> {
  const text = await readFile(join(cluster.data, 'postmaster.pid'), 'utf8').catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw error;
    },
  );
  return text.split('\n');
}

async function run({ home, bin, log, owner }: Cluster, program: string, args: string[]): Promise<Child> {
  const output = openSync(log, 'a');
  try {
    return await startChild(
      join(bin, program),
      args,
      { cwd: home, stdio: ['ignore', output, output], env: { LC_ALL: 'C', TZ: 'UTC' }, ...owner },
      'SIGQUIT', // "Immediate shutdown": releases shared memory, which SIGKILL would leave.
    );
  } finally {
    closeSync(output);
  }
}

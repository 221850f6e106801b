import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { getContainerRuntimeClient } from 'testcontainers';
import { startPostgres, tempDirectory, type TempDirectory } from '../src/index.ts';

const fixture = fileURLToPath(new URL('fixtures/starts-everything.mjs', import.meta.url));
const dist = fileURLToPath(new URL('../dist/index.js', import.meta.url));

let temp: string;
let directory: TempDirectory;
beforeEach(async () => {
  if (!existsSync(dist))
    throw new Error('This test runs the built library: run `npx nx run-many -t build` first.');
  directory = await tempDirectory('clean-up');
  temp = directory.path;
  chmodSync(temp, 0o755); // PostgreSQL may run as another user.
});
afterEach(() => directory.remove());

function startFixture(how: string, { env = {}, wrap = (args: string[]) => args } = {}): ChildProcess {
  const { PATH, HOME, XDG_CACHE_HOME } = process.env;
  const [command = '', ...args] = wrap([process.execPath, fixture, how]);
  return spawn(command, args, {
    env: { PATH, HOME, ...(XDG_CACHE_HOME && { XDG_CACHE_HOME }), TMPDIR: temp, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
}

/** @returns the port of its PostgreSQL */
async function untilStarted(child: ChildProcess): Promise<number> {
  for await (const line of createInterface({ input: child.stdout! })) {
    const port = /^started (\d+)/.exec(line)?.[1];
    if (port) return Number(port);
  }
  throw new Error(`The fixture did not start: ${child.stderr?.read()}`);
}

/** Process ids of everything that descends from one process: the watchdog, the servers, the service and its child. */
function descendants(pid: number): number[] {
  const below = (parent: number): number[] =>
    processes().flatMap(({ pid: child, ppid }) => (ppid === parent ? [child, ...below(child)] : []));
  return below(pid);
}

/** Without zombies: whether those are collected is up to the machine's first process. */
function processes(): { pid: number; ppid: number }[] {
  const table = execFileSync('ps', ['-eo', 'pid=,ppid=,stat='], { encoding: 'utf8' }).trim().split('\n');
  return table
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , stat]) => !stat?.startsWith('Z'))
    .map(([pid, ppid]) => ({ pid: Number(pid), ppid: Number(ppid) }));
}

const alive = (started: number[]) => processes().filter(({ pid }) => started.includes(pid));

async function eventuallyEmpty(list: () => unknown[]): Promise<void> {
  while (list().length > 0) await sleep(20); // Jest's own time limit ends it, and names the test.
}

describe('whatever was started ends with its parent', () => {
  it.each([
    ['stopped in order', 'stop'],
    ['process.exit without stopping anything', 'exit'],
    ['nothing left to do, and nothing stopped', 'forget'],
    ['an uncaught exception', 'throw'],
  ])('%s', async (_title, how) => {
    const child = startFixture(how);
    const exited = once(child, 'exit');
    await untilStarted(child);
    await exited;
    await eventuallyEmpty(() => readdirSync(temp));
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL'] as const)('%s', async (signal) => {
    const child = startFixture('wait');
    await untilStarted(child);
    const started = descendants(child.pid!);
    expect(started.length).toBeGreaterThan(5);

    child.kill(signal);

    await eventuallyEmpty(() => [...alive(started), ...readdirSync(temp)]);
  });

  const onTerminal = process.platform === 'linux' && existsSync('/usr/bin/script') ? it : it.skip;
  onTerminal('a closed terminal', async () => {
    const child = startFixture('wait', {
      wrap: (args) => ['/usr/bin/script', '-qec', args.join(' '), '/dev/null'],
    });
    await untilStarted(child);
    const started = descendants(child.pid!);

    child.kill('SIGKILL'); // It holds the terminal's other end.

    await eventuallyEmpty(() => [...alive(started), ...readdirSync(temp)]);
  });

  it('a database and its roles on a server that is not ours', async () => {
    const server = await startPostgres({ durable: false });
    const client = new pg.Client({ connectionString: server.adminUrl });
    await client.connect();
    const ours = async () =>
      (
        await client.query(`SELECT datname FROM pg_database WHERE datname LIKE 'couplet_%'
                           UNION ALL SELECT rolname FROM pg_roles WHERE rolname LIKE 'couplet_%_issuance'`)
      ).rows;

    const child = startFixture('wait', { env: { DATABASE_URL: server.adminUrl } });
    await untilStarted(child);
    expect(await ours()).toHaveLength(2);
    child.kill('SIGKILL');

    while ((await ours()).length > 0) await sleep(20);
    await client.end();
    await server.stop();
  });

  const inContainers = process.env['TEST_INFRA'] === 'containers' ? it : it.skip;
  inContainers('containers', async () => {
    const { dockerode } = (await getContainerRuntimeClient()).container;
    const child = startFixture('wait', {
      env: { TEST_INFRA: 'containers', TESTCONTAINERS_RYUK_DISABLED: 'true' },
    });
    const port = await untilStarted(child);
    const labelled = await dockerode.listContainers({ all: true, filters: { label: ['couplet.infra'] } });
    const postgres = labelled.find(({ Ports }) => Ports.some(({ PublicPort }) => PublicPort === port));
    const ids = labelled.filter(({ Created }) => Created >= postgres!.Created).map(({ Id }) => Id);

    child.kill('SIGKILL');

    const remaining = async () =>
      (await dockerode.listContainers({ all: true })).filter(({ Id }) => ids.includes(Id));
    while ((await remaining()).length > 0) await sleep(100);
  });
});

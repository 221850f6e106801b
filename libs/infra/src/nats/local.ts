import { closeSync, openSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startChild, type Child } from '../child.ts';
import { freePort } from '../free-port.ts';
import { tempDirectory } from '../temp-directory.ts';
import { natsConfig } from './config.ts';
import { awaitGreeting } from './greeting.ts';
import { runCommand } from './run-command.ts';
import type { NatsOptions, RunningNats } from './server.ts';

const HOST = '127.0.0.1';
const START_TIMEOUT_MS = 15_000;

/** Runs a nats-server program with its store in a temp directory. */
export async function startLocal(program: string, options: NatsOptions): Promise<RunningNats> {
  const home = await tempDirectory('nats', { keep: options.keep });
  const version = /v(\d+\.\d+\.\d+\S*)/.exec(await runCommand(program, ['--version']))?.[1] ?? '0.0.0';
  const storeDirectory = join(home.path, 'store');
  const syncAlways = knowsSyncInterval(version);

  const configure = async () => {
    const port = await freePort();
    const monitorPort = options.monitor ? await freePort() : undefined;
    const config = natsConfig({ ...options, host: HOST, port, monitorPort, storeDirectory, syncAlways });
    await writeFile(join(home.path, 'nats.conf'), config, { mode: 0o600 });
    return { port, monitorPort };
  };
  let ports = await configure();
  let server = await start(program, home.path, ports.port);
  for (
    let tries = 1;
    typeof server === 'string' && tries < 5 && server.includes('address already in use');
    tries++
  ) {
    ports = await configure();
    server = await start(program, home.path, ports.port);
  }
  let running = started(server);

  return {
    url: `nats://${HOST}:${ports.port}`,
    version,
    syncAlways,
    storeDirectory,
    ...(ports.monitorPort && { monitorUrl: `http://${HOST}:${ports.monitorPort}` }),
    async kill() {
      await running.end('SIGKILL');
    },
    async restart() {
      await running.end('SIGTERM');
      running = started(await start(program, home.path, ports.port));
    },
    async stop() {
      await running.end('SIGTERM');
      await home.remove();
      if (options.keep) console.error(`infra: NATS store kept in ${storeDirectory}`);
    },
  };
}

/** @returns the server, or what it logged before it gave up */
async function start(program: string, home: string, port: number): Promise<Child | string> {
  const output = openSync(join(home, 'nats.log'), 'w', 0o600);
  const server = await startChild(program, ['--config', join(home, 'nats.conf')], {
    cwd: home,
    stdio: ['ignore', output, output],
  }).finally(() => closeSync(output));

  const deadline = Date.now() + START_TIMEOUT_MS;
  const greeting = await awaitGreeting(HOST, port, () => server.hasExited() || Date.now() > deadline);
  // A taken port greets too, but with the server that took it; ours has then ended.
  if (greeting && !server.hasExited()) return server;
  await server.end('SIGKILL');
  return readFile(join(home, 'nats.log'), 'utf8');
}

function started(server: Child | string): Child {
  if (typeof server === 'string') throw new Error(`nats-server did not start:\n${server}`);
  return server;
}

function knowsSyncInterval(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 2 || (major === 2 && minor >= 10);
}

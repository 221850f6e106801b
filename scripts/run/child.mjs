import { spawn, spawnSync } from 'node:child_process';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
const watchdogScript = fileURLToPath(new URL('../../libs/infra/processes/watchdog.mjs', import.meta.url));
const environment = {
  NX_DAEMON: 'false', // A daemon would outlive the run.
  NX_TUI: 'false',
  NX_ISOLATE_PLUGINS: 'false',
  // Everything of Nx stays in the checkout; by default it goes to the home and the system's temp directory.
  NX_CACHE_DIRECTORY: `${root}.nx/cache`,
  NX_WORKSPACE_DATA_DIRECTORY: `${root}.nx/workspace-data`,
  NX_NATIVE_FILE_CACHE_DIRECTORY: `${root}.nx/native`,
};

/**
 * Runs a program and passes signals on to it. It ends with this process, also when this is killed.
 *
 * @param {{ capture?: boolean, env?: Record<string, string> }} options capture: return what it prints, do not show it
 * @returns {Promise<{ code: number, output: string }>} code: as a shell tells it, 128 + the signal's number
 */
export function runChild(program, args, { capture = false, env } = {}) {
  const child = spawn(program, args, {
    cwd: root,
    env: { ...process.env, ...environment, ...env },
    stdio: capture ? ['ignore', 'pipe', 'pipe'] : 'inherit',
  });
  const watchdog = watch(child.pid);
  const stopPassing = passSignals(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text) => (output += text));

  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      stopPassing();
      watchdog.stdin.end(`${JSON.stringify({ kind: 'release', id: 1 })}\n`);
      resolve({ code: code ?? 128 + constants.signals[signal], output });
    });
  });
}

/** The watchdog of libs/infra: it needs nothing installed, and ends the child if this process cannot. */
function watch(pid) {
  const watchdog = spawn(process.execPath, [watchdogScript], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watchdog.unref();
  watchdog.stdin.unref();
  watchdog.stdin.on('error', (error) =>
    console.error(`run: the clean-up watchdog is gone: ${error.message}`),
  );
  watchdog.stdin.write(`${JSON.stringify({ kind: 'process', id: 1, pid, signal: 'SIGTERM' })}\n`);
  return watchdog;
}

/** @returns stops passing them on */
function passSignals(child) {
  const handlers = {
    // Ctrl-C reaches the child from the terminal by itself; a second one would cut its clean-up short.
    SIGINT: () => process.stdin.isTTY || child.kill('SIGINT'),
    SIGTERM: () => child.kill('SIGTERM'),
    SIGHUP: () => child.kill('SIGHUP'),
  };
  for (const [signal, handler] of Object.entries(handlers)) process.on(signal, handler);
  // npm that is killed does not tell its script. Without npm, another parent is no reason to stop (nohup).
  const npm = process.env['npm_lifecycle_event'] ? npmProcess() : undefined;
  const timer = setInterval(() => npm && !isAlive(npm) && child.kill('SIGTERM'), 500);
  timer.unref();
  return () => {
    clearInterval(timer);
    for (const [signal, handler] of Object.entries(handlers)) process.off(signal, handler);
  };
}

/** npm is the parent of this process, or the parent of the shell that it starts scripts with. */
function npmProcess() {
  const shown = spawnSync('ps', ['-o', 'ppid=,args=', '-p', `${process.ppid}`], { encoding: 'utf8' }).stdout;
  const [, grandparent, args] = /^\s*(\d+)\s+(.*)/.exec(shown ?? '') ?? [];
  return args?.includes('sh -c') ? Number(grandparent) : process.ppid;
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What the watchdog must end or remove if this process dies without doing it. */
export type Guarded =
  /** `signal` is tried first; after 5 s the process group gets SIGKILL. */
  | { kind: 'process'; pid: number; signal: NodeJS.Signals }
  | { kind: 'directory'; path: string }
  /** A script of `libs/infra/processes`, run with `input` as JSON on its standard input. */
  | { kind: 'script'; path: string; input: unknown };

let watchdog: ChildProcess | undefined;
let lastId = 0;
const guardedIds = new Set<number>();

/**
 * Hands one thing to the watchdog, a separate process that outlives this one by the moment it takes to clean up.
 *
 * Processes are ended first, then scripts run, then directories are deleted.
 * @returns a function to call once the thing is gone
 */
export function guard(thing: Guarded): () => void {
  const id = ++lastId;
  guardedIds.add(id);
  watchdog ??= startWatchdog();
  tell({ id, ...thing });
  return () => release(id);
}

export const processScript = (name: string): string =>
  fileURLToPath(new URL(`../processes/${name}.mjs`, import.meta.url));

function release(id: number): void {
  if (!guardedIds.delete(id)) return;
  tell({ id, kind: 'release' });
  if (guardedIds.size > 0) return;
  watchdog?.stdin?.end();
  watchdog = undefined;
}

function tell(message: object): void {
  watchdog?.stdin?.write(`${JSON.stringify(message)}\n`);
}

function startWatchdog(): ChildProcess {
  const child = spawn(process.execPath, [processScript('watchdog')], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // Without a watchdog a killed test run would leave servers behind, so its loss is said aloud.
  const lost = (reason: unknown) =>
    child === watchdog && console.error(`infra: the clean-up watchdog is gone: ${String(reason)}`);
  child.on('error', lost);
  child.on('exit', (code, signal) => lost(signal ?? code));
  child.stdin?.on('error', lost);
  child.unref();
  (child.stdin as unknown as { unref(): void }).unref();
  return child;
}

import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { guard } from './watchdog.ts';

export interface ProcessExit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface Child {
  pid: number;
  process: ChildProcess;
  exited: Promise<ProcessExit>;
  hasExited(): boolean;
  /** Sends the signal; SIGKILL to the whole group follows after `graceMs`. Resolves when the process is gone. */
  end(signal: NodeJS.Signals, graceMs?: number): Promise<ProcessExit>;
}

/**
 * Starts a process in a group of its own, which the watchdog ends if this process dies first. One that is forgotten
 * does not keep this process from ending.
 *
 * @param watchdogSignal how the watchdog asks it to end
 * @throws if the command cannot be started
 */
export async function startChild(
  command: string,
  args: readonly string[],
  options: SpawnOptions,
  watchdogSignal: NodeJS.Signals = 'SIGKILL',
): Promise<Child> {
  const child = spawn(command, args, { ...options, detached: true });
  const { pid } = child;
  if (pid === undefined) throw await new Promise<Error>((resolve) => child.once('error', resolve));
  const release = guard({ kind: 'process', pid, signal: watchdogSignal });

  child.unref();
  for (const stream of [child.stdout, child.stderr]) (stream as Socket | null)?.unref();

  let exit: ProcessExit | undefined;
  const exited = new Promise<ProcessExit>((resolve) => {
    child.once('exit', (code, signal) => {
      release();
      resolve((exit = { code, signal }));
    });
  });

  return {
    pid,
    process: child,
    exited,
    hasExited: () => exit !== undefined,
    async end(signal, graceMs = 5_000) {
      if (exit) return exit;
      child.ref(); // Whoever ends it waits for it.
      child.kill(signal);
      const patience = new AbortController();
      const late = sleep(graceMs, 'late', { signal: patience.signal }).catch(() => 'in time');
      const first = await Promise.race([exited, late]);
      patience.abort();
      if (first === 'late' && !exit) killGroup(pid);
      return exited;
    },
  };
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // Gone in the meantime.
  }
}

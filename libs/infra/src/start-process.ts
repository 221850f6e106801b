import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { startChild, type Child, type ProcessExit } from './child.ts';
import { tempDirectory } from './temp-directory.ts';

const RING_LINES = 500;

export interface ProcessOptions {
  name: string;
  /** Default: this Node. */
  command?: string;
  args: readonly string[];
  /** Beside PATH, HOME and TMPDIR nothing of the present environment is passed on. */
  env?: Record<string, string>;
  cwd?: string;
  /** Which line of output says that it is ready; default: one that contains `"msg":"ready"`. */
  readyWhen?: (line: string) => boolean;
  /** Default 30 000. */
  readyTimeoutMs?: number;
  /** How many times it is started again after it ended unasked, also by `kill`. Default 0. */
  restartOnCrash?: number;
  /** Where its log goes; default: a temp directory that goes with it. */
  logDirectory?: string;
}

export interface RunningProcess {
  name: string;
  /** Of the present start. */
  readonly pid: number;
  /** How often it was started. */
  readonly starts: number;
  logFile: string;
  /** The last 500 lines of stdout and stderr. */
  output(): string[];
  /** Resolves when the present start is ready; rejects if it ended before. */
  ready(): Promise<void>;
  /** Resolves when it has ended and is not started again. */
  exited: Promise<ProcessExit>;
  /** Like a crash: waits for the end; `restartOnCrash` applies. Default SIGKILL. */
  kill(signal?: NodeJS.Signals): Promise<ProcessExit>;
  /** Stops it if it runs, starts it, waits until it is ready. */
  restart(): Promise<void>;
  /** SIGTERM, and SIGKILL after `graceMs` (default 10 000). */
  stop(graceMs?: number): Promise<void>;
}

/**
 * Runs a service as a separate process and waits until it is ready. It ends with this process, however that ends.
 *
 * @throws if it ends or stays silent before it is ready; the message carries its last lines
 */
export async function startProcess(options: ProcessOptions): Promise<RunningProcess> {
  const directory = options.logDirectory ? undefined : await tempDirectory(options.name);
  const logFile = join(options.logDirectory ?? directory!.path, `${options.name}.log`);
  const log = createWriteStream(logFile, { flags: 'a', mode: 0o600 });
  const lines: string[] = [];
  let restartsLeft = options.restartOnCrash ?? 0;
  let stopping = false;
  let starts = 0;
  let current: { child: Child; ready: Promise<void> };
  let settle: (exit: ProcessExit) => void;
  const exited = new Promise<ProcessExit>((resolve) => (settle = resolve));

  const onLine = (line: string) => {
    lines.push(line);
    if (lines.length > RING_LINES) lines.shift();
    log.write(`${line}\n`);
  };
  const start = async () => {
    starts++;
    const child = await startChild(options.command ?? process.execPath, options.args, {
      cwd: options.cwd,
      env: { ...inherited(), ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    current = { child, ready: untilReady(child, options, onLine, lines) };
    current.ready.catch(() => undefined); // Whoever asks for it gets the rejection.
    void child.exited.then(async (exit) => {
      if (stopping) return;
      if (restartsLeft-- <= 0) return settle(exit);
      await start().catch((error: Error) => {
        onLine(`could not be started again: ${error.message}`);
        settle(exit);
      });
    });
  };
  const end = async (graceMs: number) => {
    stopping = true;
    await current.child.end('SIGTERM', graceMs);
  };
  const stop = async (graceMs = 10_000) => {
    await end(graceMs);
    settle(await current.child.exited);
    await new Promise<void>((resolve) => log.end(resolve));
    await directory?.remove();
  };

  await start();
  await current!.ready.catch(async (error: Error) => {
    await stop(0);
    throw error;
  });
  return {
    name: options.name,
    get pid() {
      return current.child.pid;
    },
    get starts() {
      return starts;
    },
    logFile,
    output: () => [...lines],
    ready: () => current.ready,
    exited,
    kill: (signal = 'SIGKILL') => current.child.end(signal, 30_000),
    async restart() {
      await end(10_000);
      stopping = false;
      await start();
      await current.ready;
    },
    stop,
  };
}

function untilReady(
  child: Child,
  options: ProcessOptions,
  onLine: (line: string) => void,
  lines: string[],
): Promise<void> {
  const { name, readyWhen = (line) => line.includes('"msg":"ready"'), readyTimeoutMs = 30_000 } = options;
  return new Promise((resolve, reject) => {
    const fail = (what: string) => {
      clearTimeout(timer);
      reject(new Error(`${name} ${what}. Its last lines:\n${lines.slice(-20).join('\n')}`));
    };
    const timer = setTimeout(() => fail(`was not ready in ${readyTimeoutMs} ms`), readyTimeoutMs);
    for (const stream of [child.process.stdout!, child.process.stderr!]) {
      createInterface({ input: stream }).on('line', (line) => {
        onLine(line);
        if (!readyWhen(line)) return;
        clearTimeout(timer);
        resolve();
      });
    }
    // 'close', not 'exit': by then its last lines are read.
    child.process.on('close', (code, signal) => fail(`ended (${signal ?? code}) before it was ready`));
  });
}

function inherited(): Record<string, string> {
  const names = ['PATH', 'HOME', 'TMPDIR'];
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

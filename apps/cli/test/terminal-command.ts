import { spawn } from 'node:child_process';
import path from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import type { ConnectOptions } from '@couplet/nats';
import { WORKSPACE } from '../src/workspace.ts';

export interface Ran {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  /** Standard output as it came. */
  bytes: Buffer;
  stderr: string;
}

/** Runs `couplet` as a process of its own, with the credential of a relay or of the operator. */
export async function runCouplet(
  { url, user, password }: ConnectOptions,
  args: readonly string[],
  { input = '', failpoint = '' }: { input?: string; failpoint?: string } = {},
): Promise<Ran> {
  const main = path.join(WORKSPACE, 'apps/cli/dist/main.js');
  const env = { NATS_URL: url, NATS_USER: user, NATS_PASSWORD: password, COUPLET_FAILPOINT: failpoint };
  const child = spawn(process.execPath, [main, ...args], { env });
  child.stdin.on('error', () => undefined).end(input); // It may be killed before it has read everything.
  const ended = new Promise<Pick<Ran, 'code' | 'signal'>>((resolve) =>
    child.once('exit', (code, signal) => resolve({ code, signal })),
  );
  const [bytes, stderr] = await Promise.all([buffer(child.stdout), text(child.stderr)]);
  return { ...(await ended), stdout: bytes.toString(), bytes, stderr };
}

/** The steps of a run with `--json`. */
export function stepsOf({ stdout }: Ran): ({ step: string } & Record<string, unknown>)[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { step: string });
}

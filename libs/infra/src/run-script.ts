import { spawn } from 'node:child_process';
import { guard, processScript } from './watchdog.ts';

/**
 * Registers a clean-up script of `libs/infra/processes` with the watchdog.
 *
 * @returns runs it now instead; rejects if the script fails
 */
export function cleanUpByScript(name: string, input: unknown): () => Promise<void> {
  const path = processScript(name);
  const release = guard({ kind: 'script', path, input });
  return async () => {
    await run(path, input);
    release();
  };
}

function run(path: string, input: unknown): Promise<void> {
  const child = spawn(process.execPath, [path], { stdio: ['pipe', 'ignore', 'pipe'] });
  const errors: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  child.stdin.end(JSON.stringify(input));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`${path} failed: ${Buffer.concat(errors).toString()}`)),
    );
  });
}

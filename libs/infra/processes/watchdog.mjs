/**
 * Cleans up after the process that started it, however that process ended.
 *
 * Standard input is a pipe from the parent with one JSON message per line; the end of the pipe is the end of the
 * parent, also when it was killed. It runs in a session of its own, so a closed terminal does not reach it, and imports
 * nothing but Node, so it works from any checkout.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

const GRACE_MS = 5_000;
const SCRIPT_TIMEOUT_MS = 20_000;

/** @type {Map<number, { kind: 'process' | 'script' | 'directory' } & Record<string, any>>} */
const guarded = new Map();

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line);
  if (message.kind === 'release') guarded.delete(message.id);
  else guarded.set(message.id, message);
}

const ofKind = (kind) => [...guarded.values()].filter((entry) => entry.kind === kind);
await Promise.all(ofKind('process').map(endProcess));
await Promise.all(ofKind('script').map(runScript));
await Promise.all(
  ofKind('directory').map(({ path }) => rm(path, { recursive: true, force: true, maxRetries: 5 })),
);

/** Asks with the signal registered for it, then kills its whole process group. */
async function endProcess({ pid, signal }) {
  send(pid, signal);
  if (signal !== 'SIGKILL') await gone(pid);
  if (!send(-pid, 'SIGKILL')) send(pid, 'SIGKILL'); // It need not lead a group.
  await gone(pid);
}

async function gone(pid) {
  const deadline = Date.now() + GRACE_MS;
  while (Date.now() < deadline && send(pid, 0) && !isZombie(pid)) await sleep(10);
}

/** A container's first process often does not collect the orphans it inherits: they stay as zombies. */
function isZombie(pid) {
  try {
    return /\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false; // No such file, on macOS for any process.
  }
}

/** @returns whether the process was there to receive the signal */
function send(pid, signal) {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if (error.code === 'ESRCH' || error.code === 'EPERM') return false;
    throw error;
  }
}

function runScript({ path, input }) {
  const child = spawn(process.execPath, [path], {
    stdio: ['pipe', 'ignore', 'ignore'],
    timeout: SCRIPT_TIMEOUT_MS,
  });
  child.stdin.on('error', () => child.kill('SIGKILL'));
  child.stdin.end(JSON.stringify(input));
  return new Promise((resolve) => child.on('close', resolve));
}

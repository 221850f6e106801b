import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { machineBusyUs } from './processes.mjs';

const TICKS = 200;
const TICK_MS = 5;

/** What it is measured on, and how much else this machine does and how late it wakes who sleeps, before anything is started. */
export async function machine() {
  const own = process.cpuUsage();
  const busyUs = machineBusyUs();
  const startedAt = performance.now();
  const lateMs = [];
  for (let n = 0; n < TICKS; n++) {
    const at = performance.now();
    await sleep(TICK_MS);
    lateMs.push(performance.now() - at - TICK_MS);
  }
  const { user, system } = process.cpuUsage(own);
  const foreignUs = machineBusyUs() - busyUs - user - system;
  lateMs.sort((a, b) => a - b);
  return {
    cpus: `${os.cpus().length} × ${os.cpus()[0].model}`,
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    node: process.version,
    foreignCores: Math.max(0, foreignUs / 1_000 / (performance.now() - startedAt)),
    timerLateMs: { p50: lateMs[TICKS / 2], p99: lateMs[TICKS * 0.99 - 1], max: lateMs.at(-1) },
  };
}

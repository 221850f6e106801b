import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const TICK_US = 1e6 / Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
const PAGE_BYTES = Number(execFileSync('getconf', ['PAGESIZE'], { encoding: 'utf8' }));

/** Every process of this machine, from /proc (Linux alone has it). */
function processTable() {
  const table = new Map();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = readStat(name);
    if (stat) table.set(Number(name), stat);
  }
  return table;
}

function readStat(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [open, close] = [text.indexOf('('), text.lastIndexOf(')')];
    const fields = text.slice(close + 2).split(' '); // From field 3 of proc(5) on.
    const ticks = (first) => Number(fields[first - 3]) + Number(fields[first - 2]);
    return {
      name: text.slice(open + 1, close),
      parent: Number(fields[4 - 3]),
      ownUs: ticks(14) * TICK_US,
      reapedUs: ticks(16) * TICK_US,
      rssBytes: Number(fields[24 - 3]) * PAGE_BYTES,
      ownBytes: ownPages(pid) * PAGE_BYTES,
    };
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return undefined; // It has ended meanwhile.
    throw error;
  }
}

/** Resident, less files and shared memory. */
function ownPages(pid) {
  const [, resident, shared] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ').map(Number);
  return resident - shared;
}

/**
 * Processor time and memory of the parts of a system.
 *
 * @param pids by the name of the part; PostgreSQL and nats-server, which this process has started, are found by themselves
 * @returns by name `{ cpuUs, rssBytes }`; of PostgreSQL for all its processes, and of their memory what they do not share
 */
export function measureProcesses(pids) {
  const table = processTable();
  const parts = { ...pids };
  for (const [pid, { name, parent }] of table) {
    if (parent !== process.pid) continue;
    if (name === 'postgres') parts.PostgreSQL = pid;
    if (name === 'nats-server') parts['nats-server'] = pid;
  }
  return Object.fromEntries(
    Object.entries(parts).flatMap(([part, pid]) => {
      const one = table.get(pid);
      if (!one) return [];
      if (part !== 'PostgreSQL') return [[part, { cpuUs: one.ownUs, rssBytes: one.rssBytes }]];
      const children = [...table.values()].filter(({ parent }) => parent === pid);
      const cpuUs = children.reduce((sum, { ownUs }) => sum + ownUs, one.ownUs + one.reapedUs);
      const rssBytes = children.reduce((sum, { ownBytes }) => sum + ownBytes, one.ownBytes);
      return [[part, { cpuUs, rssBytes }]];
    }),
  );
}

/** Processor time of everything on this machine, without waiting. */
export function machineBusyUs() {
  const [user, nice, system, , , irq, softIrq] = readFileSync('/proc/stat', 'utf8')
    .split('\n')[0]
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + irq + softIrq) * TICK_US;
}

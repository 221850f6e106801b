import type { Fault } from './dose.ts';
import type { DoseResult } from './run-doses.ts';
import type { Trial } from './safeguards/try-safeguards.ts';

/** The command that repeats one dose. */
export function repeatCommand({ name }: Fault, seed: number): string {
  return `npm run faults -- --only '${name}' --seed ${seed}`;
}

/** A Markdown table: what was done how often, what it broke, and how long the slowest recovery took. */
export function faultTable(results: readonly DoseResult[], elapsedMs: number): string[] {
  const rows = new Map<string, DoseResult[]>();
  for (const result of results) rows.set(result.fault.row, [...(rows.get(result.fault.row) ?? []), result]);
  const cells = [...rows].map(([row, ofRow]) => [
    row,
    `${sum(ofRow, ({ fault }) => fault.dosesPerSeed ?? 1)}`,
    `${sum(ofRow, ({ violations }) => violations.length)}`,
    seconds(Math.max(...ofRow.map(({ recoveryMs }) => recoveryMs))),
  ]);
  const total = sum(results, ({ fault }) => fault.dosesPerSeed ?? 1);
  const minutes = (elapsedMs / 60_000).toFixed(1);
  return [
    ...aligned([HEAD, ...cells]),
    '',
    `${total} doses in ${minutes} minutes, starting the system included.`,
  ];
}

/** What the suite says with each safeguard and without it. */
export function safeguardTable(trials: readonly Trial[]): string[] {
  const cells = trials.map(({ safeguard: { name, seenBy }, withIt, withoutIt, holds }) => [
    name,
    `${withIt.length}`,
    `${withoutIt.length}`,
    holds ? seenBy.join(', ') : 'NOT SEEN',
  ]);
  return aligned([['Safeguard taken out', 'Violations with it', 'Without it', 'Seen by'], ...cells]);
}

const HEAD = ['Fault', 'Doses', 'Violations', 'Slowest recovery'];

function aligned([head, ...rows]: string[][]): string[] {
  const widths = head!.map((_, column) => Math.max(...[head!, ...rows].map((row) => row[column]!.length)));
  const line = (row: string[]) =>
    `| ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join(' | ')} |`;
  const rule = `| ${widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  return [line(head!), rule, ...rows.map(line)];
}

const sum = (results: readonly DoseResult[], of: (result: DoseResult) => number): number =>
  results.reduce((total, result) => total + of(result), 0);
const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

import type { Mode } from '../plan/agenda.ts';
import type { Difference } from '../referee/difference.ts';
import type { Imported } from '../replay/import-journey.ts';
import type { RecordedComparison } from './recorded.ts';
import type { Tally } from './tally.ts';
import type { Timeline } from './timeline.ts';

/** What `--report FILE` holds. Amounts are integers in minor units of `currency`. */
export interface Report extends Tally {
  mode: Mode;
  data: string;
  currency: string;
  startedAt: string;
  elapsedMs: number;
  concurrency: number;
  imported: Imported;
  couponsAcquired: number;
  reconciliation: {
    settlements: number;
    /** What had not come to rest in time; empty when all had. */
    underWay: string[];
    differences: Difference[];
  };
  recorded: RecordedComparison;
  timeline: Timeline | null;
}

/** @throws RangeError if an amount does not fit a JSON integer exactly */
export function reportJson(report: Report): string {
  return `${JSON.stringify(report, (_, value: unknown) => (typeof value === 'bigint' ? safe(value) : value), 2)}\n`;
}

function safe(amount: bigint): number {
  const number = Number(amount);
  if (!Number.isSafeInteger(number)) throw new RangeError(`${amount} does not fit a JSON integer`);
  return number;
}

import { ProblemError } from '@couplet/contracts';
import { appendEvents } from '@couplet/outbox';
import { Gathered, inTransaction } from '@couplet/postgres';
import type pg from 'pg';
import type { ScanOutcome } from '../domain/scan.ts';
import { moveOf, type ScanMove } from '../domain/scan-end.ts';
import { findScan, findUndecided, keepMoves, lockScans, voidUnknown } from './end-scans.ts';
import { abandonedEvent, grantedEvent, rolledBackEvent, type ScanEvent } from './scan-events.ts';
import { isNamed, outcomeOf, saleIn, type ScanName, type ScanRow } from './scan-row.ts';
import { abandonUnknown } from './write-scans.ts';

type Ending =
  | { kind: 'confirm'; name: ScanName }
  | { kind: 'void'; name: ScanName }
  | { kind: 'resolve'; settlementId: string };

const SWEPT_AT_ONCE = 64;

/**
 * What happens to a scan but its decision. Those that end together are locked, moved and told of by one transaction,
 * one after the other in the order in which they came.
 */
export class ScanEnds {
  private readonly endings = new Gathered((batch: readonly Ending[]) => this.endAll(batch));

  constructor(
    private readonly pool: pg.Pool,
    private readonly clock: () => Date,
  ) {}

  async status(name: ScanName): Promise<ScanOutcome | undefined> {
    const row = await findScan(this.pool, name);
    const outcome = row && outcomeOf(row);
    return outcome?.state === 'asked' ? undefined : outcome;
  }

  /** @throws ProblemError `not-found` for a scan that never was, or was refused; `attempt-in-progress` for one not yet decided */
  async confirm(name: ScanName): Promise<'confirmed' | 'voided'> {
    const row = await this.endings.do({ kind: 'confirm', name });
    if (!row || row.state === 'refused')
      throw new ProblemError('not-found', `there is no scan ${name.scanId}`);
    if (row.state === 'asked')
      throw new ProblemError('attempt-in-progress', `scan ${name.scanId} is not decided yet`);
    return row.state === 'granted' ? 'confirmed' : 'voided';
  }

  /** A scan that is not known yet is written as void, so that it finds its end when it comes. */
  async void(name: ScanName): Promise<void> {
    await this.endings.do({ kind: 'void', name });
  }

  /** The registry's question; the answer is the same for ever. */
  async resolve(
    settlementId: string,
  ): Promise<{ decision: 'granted' | 'abandoned' | 'cancelled'; couponIds: string[] }> {
    const row = (await this.endings.do({ kind: 'resolve', settlementId }))!;
    if (row.state === 'granted') {
      return { decision: 'granted', couponIds: row.sale!.coupons.map(({ couponId }) => couponId) };
    }
    return { decision: row.state === 'rolled-back' ? 'cancelled' : 'abandoned', couponIds: [] };
  }

  /**
   * Rolls back scans that asked for their coupons and were left undecided.
   *
   * @returns whether there may be more
   */
  async sweep(olderThanMs: number): Promise<boolean> {
    const left = await findUndecided(this.pool, olderThanMs, SWEPT_AT_ONCE);
    await Promise.all(left.map((settlementId) => this.endings.do({ kind: 'resolve', settlementId })));
    return left.length === SWEPT_AT_ONCE;
  }

  private endAll(batch: readonly Ending[]): Promise<(ScanRow | undefined)[]> {
    const now = this.clock();
    return inTransaction(this.pool, async (client) => {
      const names = batch.filter((ending) => ending.kind !== 'resolve').map(({ name }) => name);
      const asked = batch.filter((ending) => ending.kind === 'resolve').map((ending) => ending.settlementId);
      await voidUnknown(
        client,
        batch.filter((ending) => ending.kind === 'void').map(({ name }) => name),
      );
      const unknown = await abandonUnknown(client, asked);
      const scans = await lockScans(client, asked, names);

      const { answers, moved, events } = end(batch, scans, now);
      await keepMoves(client, moved);
      await appendEvents(client, [
        ...unknown.map((settlementId) => abandonedEvent(settlementId, now)),
        ...events,
      ]);
      return answers;
    });
  }
}

/** @returns for each ending the scan after it; the scans that moved, as they are after all of them; what is told of it */
function end(
  batch: readonly Ending[],
  scans: readonly ScanRow[],
  now: Date,
): { answers: (ScanRow | undefined)[]; moved: ScanRow[]; events: ScanEvent[] } {
  const after = new Map(scans.map((row) => [row.settlement_id, row]));
  const events: ScanEvent[] = [];
  const answers = batch.map((ending) => {
    const settlementId = scans.find((row) => isOf(row, ending))?.settlement_id;
    const row = settlementId === undefined ? undefined : after.get(settlementId);
    const move = row && moveOf({ state: row.state, confirmBy: row.confirm_by }, ending.kind, now);
    if (!move) return row;
    const moved = { ...row, state: move.next, reason: move.reason ?? null };
    after.set(moved.settlement_id, moved);
    events.push(eventOf(moved, move, now));
    return moved;
  });
  return { answers, moved: [...after.values()].filter((row) => !scans.includes(row)), events };
}

function isOf(row: ScanRow, ending: Ending): boolean {
  return ending.kind === 'resolve' ? row.settlement_id === ending.settlementId : isNamed(row, ending.name);
}

function eventOf(row: ScanRow, { next }: ScanMove, now: Date): ScanEvent {
  switch (next) {
    case 'granted':
      return grantedEvent(saleIn(row), now);
    case 'abandoned':
      return abandonedEvent(row.settlement_id, now);
    case 'rolled-back':
      return rolledBackEvent(row, now);
  }
}

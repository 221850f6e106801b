import type { CloseCaseV1 } from '@couplet/contracts';
import { Gathered, inTransaction } from '@couplet/postgres';
import type pg from 'pg';
import type { z } from 'zod';
import type { Announcement } from '../domain/announcement.ts';
import type { Change } from '../domain/decide.ts';
import type { Due } from '../domain/network-queue.ts';
import type { Journal, Pace, SettlementKey } from '../domain/settle-deps.ts';
import type { Settlement } from '../domain/settlement.ts';
import { SettlementFinder } from './find-settlements.ts';
import { beginRow, commitRow, rewrittenBy, type Rewritten } from './journal-rows.ts';
import { BEGIN, COMMIT, KEEP_ACTION, OVERDUE } from './statements.ts';
import { writeTogether, type RowsStatement, type Write } from './write-together.ts';

/** What goes on after a commit. */
export interface AfterCommit {
  /** Events are in the outbox. */
  wakeOutbox(): void;
  /** The card network is to be asked something, by whoever claims it. */
  wakeQueue(): void;
  /** This process is to ask it, so that nobody need claim it. @returns undefined when its hands are full */
  keepPlace(): Place | undefined;
}

/** For one thing to ask of the card network; one of its methods is called, once. */
export interface Place {
  take(due: Due): void;
  giveBack(): void;
}

/** What the queue was answered is written so often at most: nobody waits for it, and so more share a commit. */
const UNHURRIED_MS = 25;

/**
 * The settlement journal in PostgreSQL. Begins and commits of callers that come at the same time share a statement and a
 * commit, each with its own verdict; what is rare is a transaction of its own.
 */
export class SettlementJournal implements Journal {
  private readonly finder: SettlementFinder;
  private readonly begins: Gathered<Write, boolean>;
  private readonly commits: Record<Pace, Gathered<Write, boolean>>;
  private readonly commitStatement: RowsStatement;

  /** @param leaseMs how long what this process asks is left to it: longer than one request */
  constructor(
    private readonly pool: pg.Pool,
    private readonly after: AfterCommit,
    leaseMs: number,
  ) {
    this.finder = new SettlementFinder(pool);
    this.commitStatement = { ...COMMIT, values: [leaseMs] };
    this.begins = new Gathered((writes) => this.together(BEGIN, writes));
    const commit = (writes: readonly Write[]) => this.together(this.commitStatement, writes);
    this.commits = {
      'at-once': new Gathered(commit),
      unhurried: new Gathered(commit, { lanes: 1, restMs: UNHURRIED_MS }),
    };
  }

  async begin(
    settlement: Settlement,
    announcements: readonly Announcement[] = [],
    traceparent?: string,
  ): Promise<boolean> {
    return this.begins.do({ row: beginRow(settlement), announcements, traceparent });
  }

  async commit(
    before: Settlement,
    change: Change,
    traceparent?: string,
    pace: Pace = 'at-once',
  ): Promise<boolean> {
    const { settlement, announcements } = change;
    const due = rewrittenBy(before, settlement);
    const place = due.filter(isDue).length === 1 ? this.after.keepPlace() : undefined;
    const rewritten = place ? due.map(taken) : due;
    let committed = false;
    try {
      const row = commitRow(before, settlement, rewritten);
      committed = await this.commits[pace].do({ row, announcements, traceparent });
    } finally {
      if (!committed) place?.giveBack();
    }
    if (committed) this.handOver(settlement, rewritten, place);
    return committed;
  }

  /** Journals an attempt that was decided elsewhere, begin and end in one commit. @returns false if it is known */
  async record(started: Settlement, change: Change): Promise<boolean> {
    return this.alone([this.begun(started)], started, change);
  }

  /** What a person decided about a case, and that they did. */
  async commitAction(before: Settlement, change: Change, action: CaseAction): Promise<boolean> {
    const { caseId, by, note } = action;
    const values = [caseId, JSON.stringify(action.action), by, note, before.settlementId, before.version];
    const kept: Step = async (client) => (await client.query({ ...KEEP_ACTION, values })).rows.length === 1;
    return this.alone([kept], before, change);
  }

  /** A late discount: the credit that its coupons pay, and the sale that gives it back, in one commit. */
  async commitCredit(
    { started, change: credit }: { started: Settlement; change: Change },
    { before, change: sale }: { before: Settlement; change: Change },
  ): Promise<boolean> {
    return this.alone([this.begun(started), this.moved(started, credit, [])], before, sale);
  }

  find(key: SettlementKey): Promise<Settlement | undefined> {
    return this.finder.find(key);
  }

  /** Attempts past their deadline, grants past that of their confirmation, and the rest of a sale that was cancelled. */
  async overdue(now: Date, limit: number): Promise<{ settlementId: string; state: Overdue }[]> {
    const { rows } = await this.pool.query<{ settlement_id: string; state: Overdue }>({
      ...OVERDUE,
      values: [now, limit],
    });
    return rows.map(({ settlement_id, state }) => ({ settlementId: settlement_id, state }));
  }

  private async together(statement: RowsStatement, writes: readonly Write[]): Promise<boolean[]> {
    const written = await writeTogether(this.pool, statement, writes);
    if (writes.some(({ announcements }, n) => written[n] && announcements.length > 0))
      this.after.wakeOutbox();
    return written;
  }

  /** All steps and the change in one transaction, or nothing when one of them finds that somebody decided before. */
  private async alone(first: readonly Step[], before: Settlement, change: Change): Promise<boolean> {
    const rewritten = rewrittenBy(before, change.settlement);
    const steps = [...first, this.moved(before, change, rewritten)];
    const written = inTransaction(this.pool, async (client) => {
      for (const step of steps) if (!(await step(client))) throw new TooLate();
      return true;
    });
    if (!(await written.catch(wasTooLate))) return false;
    this.after.wakeOutbox();
    this.handOver(change.settlement, rewritten);
    return true;
  }

  private begun(started: Settlement): Step {
    return this.written(BEGIN, { row: beginRow(started), announcements: [] });
  }

  private moved(
    before: Settlement,
    { settlement, announcements }: Change,
    rewritten: readonly Rewritten[],
  ): Step {
    return this.written(this.commitStatement, {
      row: commitRow(before, settlement, rewritten),
      announcements,
    });
  }

  private written(statement: RowsStatement, write: Write): Step {
    return async (client) => (await writeTogether(client, statement, [write])).every(Boolean);
  }

  private handOver(settlement: Settlement, rewritten: readonly Rewritten[], place?: Place): void {
    const due = rewritten.find(isDue);
    if (!due) return;
    const { authorization, requestId } = due;
    if (place) place.take({ settlement, authorization, requestId, tries: 1 });
    else this.after.wakeQueue();
  }
}

/** @returns false when somebody decided before */
type Step = (client: pg.PoolClient) => Promise<boolean>;

/** Somebody decided before: whatever the transaction wrote until then is rolled back. */
class TooLate extends Error {
  override readonly name = 'TooLate';
}

function wasTooLate(error: unknown): false {
  if (error instanceof TooLate) return false;
  throw error;
}

/** What a person decided; kept beside what it changed. */
export interface CaseAction {
  readonly caseId: string;
  readonly action: z.output<typeof CloseCaseV1.request>['action'];
  readonly by: string;
  readonly note: string;
}

export type Overdue = 'started' | 'granted' | 'orphaned';

const isDue = ({ queue }: Rewritten): boolean => queue !== undefined;

const taken = (one: Rewritten): Rewritten => (one.queue ? { ...one, queue: 'taken' } : one);

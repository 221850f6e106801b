import {
  type CloseCaseV1,
  SettlementAbandonedV1,
  SettlementCapturedV1,
  SettlementGrantedV1,
  SettlementRefundedV1,
  SettlementRolledBackV1,
} from '@couplet/contracts';
import { appendEvents, type OutboxEvent } from '@couplet/outbox';
import { inTransaction } from '@couplet/postgres';
import type pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { Announcement } from '../domain/announcement.ts';
import { askedOf, stepOf } from '../domain/bring-to-rest.ts';
import type { Change } from '../domain/decide.ts';
import type { Journal, SettlementKey } from '../domain/settle-deps.ts';
import type { Authorization, Settlement } from '../domain/settlement.ts';
import { couponsJson, linesJson, refundsJson, settlementOf, type SettlementRow } from './settlement-row.ts';
import {
  BEGIN,
  COMMIT,
  FIND_BY_ATTEMPT,
  FIND_BY_AUTHORIZATION,
  FIND_BY_ID,
  KEEP_ACTION,
  OVERDUE,
} from './statements.ts';

/** What wakes after a commit. */
export interface Wakes {
  /** Events are in the outbox. */
  outbox(): void;
  /** The card network is to be asked something. */
  queue(): void;
}

/** The settlement journal in PostgreSQL: every method is one transaction. */
export class SettlementJournal implements Journal {
  constructor(
    private readonly pool: pg.Pool,
    private readonly wakes: Wakes,
  ) {}

  async begin(
    settlement: Settlement,
    announcements: readonly Announcement[] = [],
    traceparent?: string,
  ): Promise<boolean> {
    return this.write([{ ...BEGIN, values: beginValues(settlement) }], announcements, traceparent);
  }

  /** Journals an attempt that was decided elsewhere, begin and end in one commit. @returns false if it is known */
  async record(started: Settlement, change: Change): Promise<boolean> {
    const begin = { ...BEGIN, values: beginValues(started) };
    return this.commitAfter([begin], started, change);
  }

  async commit(before: Settlement, change: Change, traceparent?: string): Promise<boolean> {
    return this.commitAfter([], before, change, traceparent);
  }

  /** What a person decided about a case, and that they did. */
  async commitAction(before: Settlement, change: Change, action: CaseAction): Promise<boolean> {
    const { caseId, by, note } = action;
    const values = [caseId, JSON.stringify(action.action), by, note, before.settlementId, before.version];
    return this.commitAfter([{ ...KEEP_ACTION, values }], before, change);
  }

  /** A late discount: the credit that its coupons pay, and the sale that gives it back, in one commit. */
  async commitCredit(
    { started, change: credit }: { started: Settlement; change: Change },
    { before, change: sale }: { before: Settlement; change: Change },
  ): Promise<boolean> {
    const first = [
      { ...BEGIN, values: beginValues(started) },
      { ...COMMIT, values: commitValues(started, credit.settlement, []) },
    ];
    const announcements = [...credit.announcements, ...sale.announcements];
    return this.commitAfter(first, before, { ...sale, announcements });
  }

  private async commitAfter(
    first: readonly pg.QueryConfig[],
    before: Settlement,
    change: Change,
    traceparent?: string,
  ): Promise<boolean> {
    const authorizations = rewritten(before, change.settlement);
    const commit = { ...COMMIT, values: commitValues(before, change.settlement, authorizations) };
    const committed = await this.write([...first, commit], change.announcements, traceparent);
    if (committed && authorizations.some((one) => stepOf(change.settlement, one) !== null))
      this.wakes.queue();
    return committed;
  }

  async find(key: SettlementKey): Promise<Settlement | undefined> {
    const { rows } = await this.pool.query<SettlementRow>(findBy(key));
    return settlementOf(rows);
  }

  /** Attempts past their deadline, grants past that of their confirmation, and the rest of a sale that was cancelled. */
  async overdue(now: Date, limit: number): Promise<{ settlementId: string; state: Overdue }[]> {
    const { rows } = await this.pool.query<{ settlement_id: string; state: Overdue }>({
      ...OVERDUE,
      values: [now, limit],
    });
    return rows.map(({ settlement_id, state }) => ({ settlementId: settlement_id, state }));
  }

  /** State and events commit together, or nothing when a statement finds no row; one alone is its own transaction. */
  private async write(
    statements: readonly pg.QueryConfig[],
    announcements: readonly Announcement[],
    traceparent: string | undefined,
  ): Promise<boolean> {
    const [only, ...more] = statements;
    if (only && more.length === 0 && announcements.length === 0)
      return (await this.pool.query(only)).rows.length === 1;
    const written = inTransaction(this.pool, async (client) => {
      for (const statement of statements)
        if ((await client.query(statement)).rows.length === 0) throw new TooLate();
      await appendEvents(
        client,
        announcements.map((announcement) => ({ ...eventOf(announcement), traceparent })),
      );
      return true;
    });
    if (!(await written.catch(wasTooLate))) return false;
    this.wakes.outbox();
    return true;
  }
}

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

function findBy(key: SettlementKey): pg.QueryConfig {
  if ('settlementId' in key) return { ...FIND_BY_ID, values: [key.settlementId] };
  if ('attemptId' in key) return { ...FIND_BY_ATTEMPT, values: [key.relay, key.attemptId] };
  return { ...FIND_BY_AUTHORIZATION, values: [key.relay ?? null, key.authorizationId] };
}

/** Authorizations whose state changed, or from which the card network is now to hear something else. */
function rewritten(before: Settlement, after: Settlement): Authorization[] {
  const known = new Map(before.authorizations.map((one) => [one.authorizationId, one]));
  return after.authorizations.filter((one) => {
    const was = known.get(one.authorizationId);
    return was !== one || askedOf(before, one) !== askedOf(after, one);
  });
}

function beginValues({ terms, authorizations: [first], ...settlement }: Settlement): unknown[] {
  return [
    ...[settlement.settlementId, settlement.relay, settlement.attemptId, settlement.fingerprint ?? null],
    ...[settlement.state, settlement.version, settlement.deadlineAt],
    ...[terms?.storeId, terms?.terminalId, terms?.presentedAt, terms?.purpose, terms?.currency],
    ...[terms?.amount, terms?.capture, settlement.declineReason],
    ...[first?.authorizationId, first?.held, terms?.continues],
  ];
}

function commitValues(before: Settlement, after: Settlement, authorizations: Authorization[]): unknown[] {
  const { grant, refunds } = after;
  const isNewGrant = grant !== undefined && before.grant === undefined;
  const column = <Value>(value: (one: Authorization) => Value): Value[] => authorizations.map(value);
  return [
    ...[before.settlementId, before.state, before.version],
    ...[after.state, after.confirmed, after.version, after.confirmBy, after.couponSearch],
    ...[grant?.amount, isNewGrant ? couponsJson(grant.coupons) : null, grant?.strategy],
    ...[grant?.approval?.approvalCode, grant?.approval?.networkReference, after.declineReason],
    ...[column((one) => one.authorizationId), column((one) => one.ordinal), column((one) => one.state)],
    ...[column((one) => one.held), column((one) => one.amount), column((one) => one.expiresAt)],
    ...[column((one) => one.attention ?? null), column((one) => one.listedFrom ?? null)],
    ...[column(() => uuidv7()), column((one) => stepOf(after, one) !== null)],
    ...[grant?.approval?.standIn ?? false, isNewGrant ? linesJson(grant.lines) : null],
    ...[refunds === before.refunds ? null : refundsJson(refunds), refundedOf(refunds)],
    after.keepsCoupons ?? false,
  ];
}

const refundedOf = (refunds: Settlement['refunds']): bigint =>
  refunds.reduce((sum, { amount, state }) => sum + (state === 'not-needed' ? 0n : amount), 0n);

function eventOf(announcement: Announcement): OutboxEvent {
  switch (announcement.fact) {
    case 'granted':
      return { contract: SettlementGrantedV1, payload: announcement.payload };
    case 'abandoned':
      return { contract: SettlementAbandonedV1, payload: announcement.payload };
    case 'rolled-back':
      return { contract: SettlementRolledBackV1, payload: announcement.payload };
    case 'refunded':
      return { contract: SettlementRefundedV1, payload: announcement.payload };
    case 'captured':
      return { contract: SettlementCapturedV1, payload: announcement.payload };
  }
}

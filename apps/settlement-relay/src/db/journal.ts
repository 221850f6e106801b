import {
  SettlementAbandonedV1,
  SettlementCapturedV1,
  SettlementGrantedV1,
  SettlementRolledBackV1,
} from '@couplet/contracts';
import { appendEvents, type OutboxEvent } from '@couplet/outbox';
import { inTransaction } from '@couplet/postgres';
import type pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import type { Announcement } from '../domain/announcement.ts';
import { stepOf } from '../domain/bring-to-rest.ts';
import type { Change } from '../domain/decide.ts';
import type { Journal, SettlementKey } from '../domain/settle-deps.ts';
import type { Authorization, Settlement } from '../domain/settlement.ts';
import { couponsJson, settlementOf, type SettlementRow } from './settlement-row.ts';
import { BEGIN, COMMIT, FIND_BY_ATTEMPT, FIND_BY_ID, OVERDUE } from './statements.ts';

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
    const statement = { ...BEGIN, values: beginValues(settlement) };
    return this.write(statement, announcements, traceparent);
  }

  async commit(before: Settlement, change: Change, traceparent?: string): Promise<boolean> {
    const authorizations = rewritten(before, change.settlement);
    const statement = { ...COMMIT, values: commitValues(before, change.settlement, authorizations) };
    const committed = await this.write(statement, change.announcements, traceparent);
    if (committed && authorizations.some((one) => stepOf(change.settlement, one) !== null))
      this.wakes.queue();
    return committed;
  }

  async find(key: SettlementKey): Promise<Settlement | undefined> {
    const { rows } = await this.pool.query<SettlementRow>(
      'settlementId' in key
        ? { ...FIND_BY_ID, values: [key.settlementId] }
        : { ...FIND_BY_ATTEMPT, values: [key.relay, key.attemptId] },
    );
    return settlementOf(rows);
  }

  /** Attempts past their deadline, and grants past the deadline of their confirmation. */
  async overdue(now: Date, limit: number): Promise<{ settlementId: string; state: 'started' | 'granted' }[]> {
    const { rows } = await this.pool.query<{ settlement_id: string; state: 'started' | 'granted' }>({
      ...OVERDUE,
      values: [now, limit],
    });
    return rows.map(({ settlement_id, state }) => ({ settlementId: settlement_id, state }));
  }

  /** State and events commit together; one statement alone is its own transaction. */
  private async write(
    statement: pg.QueryConfig,
    announcements: readonly Announcement[],
    traceparent: string | undefined,
  ): Promise<boolean> {
    if (announcements.length === 0) return (await this.pool.query(statement)).rows.length === 1;
    const written = await inTransaction(this.pool, async (client) => {
      if ((await client.query(statement)).rows.length === 0) return false;
      await appendEvents(
        client,
        announcements.map((announcement) => ({ ...eventOf(announcement), traceparent })),
      );
      return true;
    });
    if (written) this.wakes.outbox();
    return written;
  }
}

/** Authorizations whose state changed, or from which the card network is now to hear something else. */
function rewritten(before: Settlement, after: Settlement): Authorization[] {
  const known = new Map(before.authorizations.map((one) => [one.authorizationId, one]));
  return after.authorizations.filter((one) => {
    const was = known.get(one.authorizationId);
    return was !== one || stepOf(before, one) !== stepOf(after, one);
  });
}

function beginValues({ terms, authorizations: [first], ...settlement }: Settlement): unknown[] {
  return [
    ...[settlement.settlementId, settlement.relay, settlement.attemptId, settlement.fingerprint ?? null],
    ...[settlement.state, settlement.version, settlement.deadlineAt],
    ...[terms?.storeId, terms?.terminalId, terms?.presentedAt, terms?.purpose, terms?.currency],
    ...[terms?.amount, terms?.capture, settlement.declineReason],
    ...[first?.authorizationId, first?.held],
  ];
}

function commitValues(before: Settlement, after: Settlement, authorizations: Authorization[]): unknown[] {
  const { grant } = after;
  const column = <Value>(value: (one: Authorization) => Value): Value[] => authorizations.map(value);
  return [
    ...[before.settlementId, before.state, before.version],
    ...[after.state, after.confirmed, after.version, after.confirmBy, after.couponSearch],
    ...[grant?.amount, grant && couponsJson(grant.coupons), grant?.strategy],
    ...[grant?.approval?.approvalCode, grant?.approval?.networkReference, after.declineReason],
    ...[column((one) => one.authorizationId), column((one) => one.ordinal), column((one) => one.state)],
    ...[column((one) => one.held), column((one) => one.amount), column((one) => one.expiresAt)],
    ...[column((one) => one.attention ?? null), column(() => uuidv7())],
    column((one) => stepOf(after, one) !== null),
  ];
}

function eventOf(announcement: Announcement): OutboxEvent {
  switch (announcement.fact) {
    case 'granted':
      return { contract: SettlementGrantedV1, payload: announcement.payload };
    case 'abandoned':
      return { contract: SettlementAbandonedV1, payload: announcement.payload };
    case 'rolled-back':
      return { contract: SettlementRolledBackV1, payload: announcement.payload };
    case 'captured':
      return { contract: SettlementCapturedV1, payload: announcement.payload };
  }
}

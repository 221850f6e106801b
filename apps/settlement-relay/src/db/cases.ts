import type { Advice, ListCasesV1 } from '@couplet/contracts';
import { Advice as AdviceSchema } from '@couplet/contracts';
import type pg from 'pg';
import { z } from 'zod';
import type { AdviceEffect } from '../domain/advise.ts';
import { actionsFor } from '../domain/cases.ts';
import type { CaseAction } from './journal.ts';
import {
  CLOSE_ADVICE,
  FIND_CASE,
  FORGET_TRIES,
  HURRY,
  KEEP_EFFECT,
  LIST_CASES,
  TAKE_ADVICE,
} from './statements.ts';

type Case = z.output<typeof ListCasesV1.reply>['cases'][number];

/** What people see of the journal, and what relays told late. */
export class CaseRepository {
  constructor(private readonly pool: pg.Pool) {}

  /** @param after the last case of the page before */
  async list(after: string | undefined, limit: number): Promise<Case[]> {
    const { rows } = await this.pool.query<CaseRow>({ ...LIST_CASES, values: [after ?? NO_ID, limit] });
    return rows.map(caseOf);
  }

  async find(caseId: string): Promise<Case | undefined> {
    const { rows } = await this.pool.query<CaseRow>({ ...FIND_CASE, values: [caseId] });
    return rows.map(caseOf)[0];
  }

  /** A person has seen it: it comes back after six more. */
  async forgetTries(caseId: string): Promise<void> {
    await this.pool.query({ ...FORGET_TRIES, values: [caseId] });
  }

  /** Whatever is still to be asked about these settlements is asked at once. */
  async hurry(settlementIds: readonly string[]): Promise<void> {
    // One by one: who locks several rows, in another order than the journal, may wait in a circle.
    for (const settlementId of settlementIds) await this.pool.query({ ...HURRY, values: [settlementId] });
  }

  /** Stores before it is acted on. @returns the effect it had before; `other-body` when its id was used for another */
  async take(
    relay: string,
    adviceId: string,
    advice: Advice,
  ): Promise<AdviceEffect | 'other-body' | undefined> {
    const text = JSON.stringify(z.encode(AdviceSchema, advice));
    const { rows } = await this.pool.query<{ effect: AdviceEffect | 'closed' | null; same: boolean }>({
      ...TAKE_ADVICE,
      values: [relay, adviceId, text],
    });
    const [row] = rows;
    if (row && !row.same) return 'other-body';
    return row?.effect === 'closed' ? 'listed' : (row?.effect ?? undefined);
  }

  async keepEffect(relay: string, adviceId: string, effect: AdviceEffect): Promise<void> {
    await this.pool.query({ ...KEEP_EFFECT, values: [relay, adviceId, effect] });
  }

  /** @returns false if no such advice waits for a person */
  async closeAdvice({ caseId, action, by, note }: CaseAction): Promise<boolean> {
    const values = [caseId, JSON.stringify(action), by, note];
    const { rows } = await this.pool.query({ ...CLOSE_ADVICE, values });
    return rows.length === 1;
  }
}

const NO_ID = '00000000-0000-0000-0000-000000000000';

interface CaseRow {
  case_id: string;
  settlement_id: string;
  relay: string;
  attempt_id: string;
  state: string;
  held: bigint;
  amount: bigint;
  currency: string | null;
  store_id: string | null;
  terminal_id: string | null;
  settlement_state: string;
  may_cancel: boolean;
  tries: number;
  attention: string;
  changed_at: Date;
}

function caseOf(row: CaseRow): Case {
  const { currency, store_id: storeId, terminal_id: terminalId } = row;
  return {
    caseId: row.case_id,
    settlementId: row.settlement_id,
    relay: row.relay,
    attemptId: row.attempt_id,
    ...(storeId !== null && { storeId }),
    ...(terminalId !== null && { terminalId }),
    ...(currency !== null && { currency }),
    settlementState: row.settlement_state,
    authorizationState: row.state,
    held: row.held,
    amount: row.amount,
    attention: row.attention,
    tries: row.tries,
    since: row.changed_at.toISOString(),
    actions: actionsFor(row.state, row.may_cancel),
  };
}

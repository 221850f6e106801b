import { Gathered } from '@couplet/postgres';
import type pg from 'pg';
import type { SettlementKey } from '../domain/settle-deps.ts';
import type { Settlement } from '../domain/settlement.ts';
import { settlementOf, type SettlementRow } from './settlement-row.ts';

/** Reads whole settlements by any of their keys; callers that read at the same time share a statement. */
export class SettlementFinder {
  private readonly byId: Gathered<IdKey, Settlement | undefined>;
  private readonly byAttempt: Gathered<AttemptKey, Settlement | undefined>;
  private readonly byAuthorization: Gathered<AuthorizationKey, Settlement | undefined>;

  constructor(pool: pg.Pool) {
    this.byId = new Gathered(async (keys) => (await rowsById(pool, keys)).map(settlementOf));
    this.byAttempt = new Gathered(async (keys) => (await rowsByAttempt(pool, keys)).map(settlementOf));
    this.byAuthorization = new Gathered(async (keys) =>
      (await rowsByAuthorization(pool, keys)).map(settlementOf),
    );
  }

  find(key: SettlementKey): Promise<Settlement | undefined> {
    if ('settlementId' in key) return this.byId.do(key);
    return 'attemptId' in key ? this.byAttempt.do(key) : this.byAuthorization.do(key);
  }
}

type IdKey = Extract<SettlementKey, { settlementId: string }>;
type AttemptKey = Extract<SettlementKey, { attemptId: string }>;
type AuthorizationKey = Extract<SettlementKey, { authorizationId: string }>;

/** @returns for each key the rows of its settlement, in the order of its authorizations; none when it is unknown */
export function rowsByAuthorization(
  pool: pg.Pool,
  keys: readonly AuthorizationKey[],
): Promise<SettlementRow[][]> {
  const ids = keys.map(({ authorizationId }) => authorizationId);
  const relays = keys.map(({ relay }) => relay ?? null);
  return rowsOf(pool, BY_AUTHORIZATION, ids, relays);
}

function rowsById(pool: pg.Pool, keys: readonly IdKey[]): Promise<SettlementRow[][]> {
  const ids = keys.map(({ settlementId }) => settlementId);
  return rowsOf(pool, BY_ID, ids);
}

function rowsByAttempt(pool: pg.Pool, keys: readonly AttemptKey[]): Promise<SettlementRow[][]> {
  const ids = keys.map(({ attemptId }) => attemptId);
  const relays = keys.map(({ relay }) => relay);
  return rowsOf(pool, BY_ATTEMPT, ids, relays);
}

async function rowsOf(
  pool: pg.Pool,
  statement: { readonly name: string; readonly text: string },
  ids: readonly string[],
  ...more: unknown[]
): Promise<SettlementRow[][]> {
  const found: SettlementRow[][] = ids.map(() => []);
  const { rows } = await pool.query<SettlementRow & { n: bigint }>({ ...statement, values: [ids, ...more] });
  for (const row of rows) found[Number(row.n) - 1]?.push(row);
  return found;
}

/** Each is looked up by itself (`OFFSET 0` keeps PostgreSQL from joining): a table known to be empty would be read whole. */
const SELECT = `
  SELECT n, a.settlement_id, a.relay, a.attempt_id, a.fingerprint, a.state, a.confirmed, a.version, a.deadline_at,
    a.confirm_by, a.store_id, a.terminal_id, a.presented_at, a.purpose, a.currency, a.price, a.capture, a.coupon_search,
    a.amount AS granted_amount, a.strategy, a.approval_code, a.network_reference, a.decline_reason, a.stand_in,
    a.continues, a.refunds, a.keeps_coupons, g.coupons, g.lines, c.authorization_id, c.ordinal,
    c.state AS authorization_state, c.held, c.amount, c.expires_at, c.attention, c.listed_from, c.request_id`;

const WITH_THE_REST = `
  LEFT JOIN LATERAL (SELECT coupons, lines FROM granted_sale WHERE settlement_id = a.settlement_id OFFSET 0) g ON true
  LEFT JOIN LATERAL (SELECT * FROM card_authorization WHERE settlement_id = a.settlement_id OFFSET 0) c ON true
  ORDER BY n, c.ordinal`;

export const BY_ID = {
  name: 'journal-find-by-id',
  text: `${SELECT}
    FROM unnest($1::uuid[]) WITH ORDINALITY AS wanted (settlement_id, n)
    CROSS JOIN LATERAL (SELECT * FROM attempt WHERE settlement_id = wanted.settlement_id OFFSET 0) a ${WITH_THE_REST}`,
};

export const BY_ATTEMPT = {
  name: 'journal-find-by-attempt',
  text: `${SELECT}
    FROM unnest($1::uuid[], $2::text[]) WITH ORDINALITY AS wanted (attempt_id, relay, n)
    CROSS JOIN LATERAL (
      SELECT * FROM attempt WHERE relay = wanted.relay AND attempt_id = wanted.attempt_id OFFSET 0) a ${WITH_THE_REST}`,
};

export const BY_AUTHORIZATION = {
  name: 'journal-find-by-authorization',
  text: `${SELECT}
    FROM unnest($1::uuid[], $2::text[]) WITH ORDINALITY AS wanted (authorization_id, relay, n)
    CROSS JOIN LATERAL (
      SELECT settlement_id FROM card_authorization WHERE authorization_id = wanted.authorization_id OFFSET 0) k
    CROSS JOIN LATERAL (
      SELECT * FROM attempt
      WHERE settlement_id = k.settlement_id AND (wanted.relay IS NULL OR relay = wanted.relay) OFFSET 0) a ${WITH_THE_REST}`,
};

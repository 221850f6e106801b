import type { Remembered } from '../domain/authorization.ts';
import { Overtaken } from './overtaken.ts';
import type { Queryable } from './queryable.ts';

export interface NewAuthorization {
  authorizationId: string;
  settlementId: string;
  /** Token. */
  card: string;
  last4: string;
  currency: string;
  amount: bigint;
  /** Why it is declined whatever the balance; undefined: the balance decides. */
  declineReason: string | undefined;
  /** A card that is short may be charged what it has. */
  partialApproval: boolean;
  approvalCode: string;
  networkReference: string;
}

/**
 * Decides a new authorization, or finds what was decided on its id: one statement.
 *
 * The balance row is locked before the insert reads it, so parallel authorizations of a card see each other; the money
 * is taken only if the insert was ours, so duplicates take it once.
 */
const AUTHORIZE = `
  WITH known AS (
    SELECT state, authorized, decline_reason, approval_code, network_reference
      FROM card_authorization WHERE authorization_id = $1
  ), purse AS (
    SELECT available FROM card_balance
     WHERE card = $3 AND currency = $5 AND $7::text IS NULL AND NOT EXISTS (SELECT FROM known) FOR UPDATE
  ), decision AS (
    SELECT coalesce($7::text, CASE WHEN available < $6::int8 AND NOT ($8 AND available > 0) THEN 'insufficient-funds' END) AS no,
           least($6::int8, available) AS amount
      FROM (SELECT) AS always LEFT JOIN purse ON true
  ), fresh AS (
    INSERT INTO card_authorization (authorization_id, settlement_id, card, last4, currency, state, authorized, held,
                                    decline_reason, approval_code, network_reference)
    SELECT $1, $2, $3, $4, $5, CASE WHEN no IS NULL THEN 'held' ELSE 'declined' END,
           CASE WHEN no IS NULL THEN amount ELSE 0 END, CASE WHEN no IS NULL THEN amount ELSE 0 END,
           no, CASE WHEN no IS NULL THEN $9::text END, CASE WHEN no IS NULL THEN $10::text END
      FROM decision WHERE NOT EXISTS (SELECT FROM known)
    ON CONFLICT DO NOTHING
    RETURNING state, authorized, decline_reason, approval_code, network_reference
  ), spent AS (
    UPDATE card_balance SET available = available - fresh.authorized
      FROM fresh WHERE card = $3 AND currency = $5 AND fresh.state = 'held'
  )
  SELECT * FROM known UNION ALL SELECT * FROM fresh`;

/** @throws Overtaken when a duplicate committed after the statement began: it could neither insert nor see it */
export async function authorizeOnce(db: Queryable, asked: NewAuthorization): Promise<Remembered> {
  const values = [
    asked.authorizationId,
    asked.settlementId,
    asked.card,
    asked.last4,
    asked.currency,
    asked.amount,
    asked.declineReason ?? null,
    asked.partialApproval,
    asked.approvalCode,
    asked.networkReference,
  ];
  const { rows } = await db.query<RememberedRow>({ name: 'authorize', text: AUTHORIZE, values });
  if (!rows[0]) throw new Overtaken();
  return remembered(rows[0]);
}

interface RememberedRow {
  state: Remembered['state'];
  authorized: bigint;
  decline_reason: string | null;
  approval_code: string | null;
  network_reference: string | null;
}

function remembered(row: RememberedRow): Remembered {
  return {
    state: row.state,
    authorized: row.authorized,
    declineReason: row.decline_reason,
    approvalCode: row.approval_code,
    networkReference: row.network_reference,
  };
}

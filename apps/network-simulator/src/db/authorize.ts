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
  /** A settlement may ask again, once nothing is open on its first authorization. */
  secondAuthorization: boolean;
  /** At most this is approved. */
  amountMax: bigint | undefined;
  standIn: boolean;
  /** Name of the test card that it is on. */
  testCard: string | undefined;
  approvalCode: string;
  networkReference: string;
}

/**
 * Decides a new authorization, or finds what was decided on its id: one statement.
 *
 * The balance row is locked before the insert reads it, so parallel authorizations of a card see each other; the money
 * is taken only if the insert was ours, so duplicates take it once. A settlement has one authorization that is held or
 * captured: of two at once, the index `one_live_per_settlement` lets one in, and the other looks again.
 */
const AUTHORIZE = `
  WITH known AS (
    SELECT state, authorized, decline_reason, approval_code, network_reference, stand_in
      FROM card_authorization WHERE authorization_id = $1
  ), before AS (
    SELECT CASE WHEN bool_or(live) THEN 'hold-open' WHEN count(*) > 0 AND NOT $9 THEN 'second-authorization' END AS no
      FROM card_authorization WHERE settlement_id = $2 AND authorization_id <> $1
  ), purse AS (
    SELECT available FROM card_balance
     WHERE card = $3 AND currency = $5 AND $7::text IS NULL AND NOT EXISTS (SELECT FROM known) FOR UPDATE
  ), decision AS (
    SELECT coalesce($7::text, before.no,
                    CASE WHEN available < $6::int8 AND NOT ($8 AND available > 0) THEN 'insufficient-funds' END) AS no,
           least($6::int8, available, $10::int8) AS amount
      FROM before LEFT JOIN purse ON true
  ), fresh AS (
    INSERT INTO card_authorization (authorization_id, settlement_id, card, last4, currency, state, authorized, held,
                                    decline_reason, approval_code, network_reference, stand_in, test_card)
    SELECT $1, $2, $3, $4, $5, CASE WHEN no IS NULL THEN 'held' ELSE 'declined' END,
           CASE WHEN no IS NULL THEN amount ELSE 0 END, CASE WHEN no IS NULL THEN amount ELSE 0 END,
           no, CASE WHEN no IS NULL THEN $11::text END, CASE WHEN no IS NULL THEN $12::text END,
           $13 AND no IS NULL, $14
      FROM decision WHERE NOT EXISTS (SELECT FROM known)
    ON CONFLICT DO NOTHING
    RETURNING state, authorized, decline_reason, approval_code, network_reference, stand_in
  ), spent AS (
    UPDATE card_balance SET available = available - fresh.authorized
      FROM fresh WHERE card = $3 AND currency = $5 AND fresh.state = 'held'
  )
  SELECT * FROM known UNION ALL SELECT * FROM fresh`;

/** @throws Overtaken when a duplicate, or another of its settlement, committed after the statement began: it could neither insert nor see it */
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
    asked.secondAuthorization,
    asked.amountMax ?? null,
    asked.approvalCode,
    asked.networkReference,
    asked.standIn,
    asked.testCard ?? null,
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
  stand_in: boolean;
}

function remembered(row: RememberedRow): Remembered {
  return {
    state: row.state,
    authorized: row.authorized,
    declineReason: row.decline_reason,
    approvalCode: row.approval_code,
    networkReference: row.network_reference,
    standIn: row.stand_in,
  };
}

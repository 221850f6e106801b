import type { Remembered } from '../domain/authorization.ts';
import { roundsOf } from '../domain/rounds.ts';
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
 * Decides new authorizations, or finds what was decided on their ids: one statement. No two of them have an id, a
 * settlement or a card in common.
 *
 * Balance rows are locked before the insert reads them, in one order, so parallel authorizations of a card see each
 * other; the money is taken only if the insert was ours, so duplicates take it once. A settlement has one authorization
 * that is held or captured: of two at once, the index `one_live_per_settlement` lets one in, and the other looks again.
 *
 * Rows are looked up one by one, and what updates them says their key once more as an array: planned while the tables are
 * empty, joins would read all that comes later.
 */
const AUTHORIZE = `
  WITH asked AS (
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::int8[], $7::text[],
                         $8::boolean[], $9::boolean[], $10::int8[], $11::text[], $12::text[], $13::boolean[], $14::text[])
      AS a (authorization_id, settlement_id, card, last4, currency, asked_amount, declined, partial_approval,
            second_authorization, amount_max, approval_code, network_reference, stand_in, test_card)
  ), known AS (
    SELECT authorization_id, state, authorized, decline_reason, approval_code, network_reference, stand_in
      FROM card_authorization WHERE authorization_id = ANY ($1)
  ), before AS (
    SELECT asked.authorization_id,
           CASE WHEN bool_or(other.live) THEN 'hold-open'
                WHEN count(other.authorization_id) > 0 AND NOT asked.second_authorization THEN 'second-authorization' END AS no
      FROM asked LEFT JOIN LATERAL (
             SELECT authorization_id, live FROM card_authorization o
              WHERE o.settlement_id = asked.settlement_id AND o.authorization_id <> asked.authorization_id OFFSET 0
           ) AS other ON true
     GROUP BY asked.authorization_id, asked.second_authorization
  ), purse AS (
    SELECT payer.card, payer.currency, b.available
      FROM (SELECT card, currency FROM asked
             WHERE declined IS NULL AND authorization_id NOT IN (SELECT authorization_id FROM known)
             ORDER BY card, currency) AS payer
     CROSS JOIN LATERAL (
             SELECT available FROM card_balance
              WHERE card = payer.card AND currency = payer.currency FOR UPDATE
           ) AS b
  ), decision AS (
    SELECT asked.*, least(asked_amount, available, amount_max) AS amount,
           coalesce(declined, before.no,
                    CASE WHEN available < asked_amount AND NOT (partial_approval AND available > 0)
                         THEN 'insufficient-funds' END) AS no
      FROM asked JOIN before USING (authorization_id) LEFT JOIN purse USING (card, currency)
     WHERE authorization_id NOT IN (SELECT authorization_id FROM known)
  ), fresh AS (
    INSERT INTO card_authorization (authorization_id, settlement_id, card, last4, currency, state, authorized, held,
                                    decline_reason, approval_code, network_reference, stand_in, test_card)
    SELECT authorization_id, settlement_id, card, last4, currency, CASE WHEN no IS NULL THEN 'held' ELSE 'declined' END,
           CASE WHEN no IS NULL THEN amount ELSE 0 END, CASE WHEN no IS NULL THEN amount ELSE 0 END,
           no, CASE WHEN no IS NULL THEN approval_code END, CASE WHEN no IS NULL THEN network_reference END,
           stand_in AND no IS NULL, test_card
      FROM decision
    ON CONFLICT DO NOTHING
    RETURNING authorization_id, card, currency, state, authorized, decline_reason, approval_code, network_reference,
              stand_in
  ), spent AS (
    UPDATE card_balance b SET available = available - fresh.authorized
      FROM fresh
     WHERE b.card = fresh.card AND b.currency = fresh.currency AND fresh.state = 'held' AND b.card = ANY ($3)
  )
  SELECT * FROM known
  UNION ALL
  SELECT authorization_id, state, authorized, decline_reason, approval_code, network_reference, stand_in FROM fresh`;

/** @returns for each what was decided, or undefined when another wrote at the same time: it could neither insert nor see it */
export async function authorizeAll(
  db: Queryable,
  asked: readonly NewAuthorization[],
): Promise<(Remembered | undefined)[]> {
  const decided = new Map<string, Remembered>();
  for (const round of roundsOf(asked, keysOf)) {
    const values = COLUMNS.map((column) => round.map((one) => one[column] ?? null));
    const { rows } = await db.query<RememberedRow>({ name: 'authorize', text: AUTHORIZE, values });
    for (const row of rows) decided.set(row.authorization_id, remembered(row));
  }
  return asked.map(({ authorizationId }) => decided.get(authorizationId));
}

const keysOf = ({ authorizationId, settlementId, card, currency }: NewAuthorization): string[] => [
  authorizationId,
  `settlement ${settlementId}`,
  `${card} ${currency}`,
];

/** In the order of `asked` in the statement. */
const COLUMNS = [
  'authorizationId',
  'settlementId',
  'card',
  'last4',
  'currency',
  'amount',
  'declineReason',
  'partialApproval',
  'secondAuthorization',
  'amountMax',
  'approvalCode',
  'networkReference',
  'standIn',
  'testCard',
] as const satisfies (keyof NewAuthorization)[];

interface RememberedRow {
  authorization_id: string;
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

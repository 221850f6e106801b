import type { Queryable } from './queryable.ts';

export interface StoredSale {
  authorizationId: string;
  /** Stands for its settlement until a follow-up names that. */
  attemptId: string;
  /** Token. */
  card: string;
  last4: string;
  currency: string;
  amount: bigint;
  approvalCode: string;
  networkReference: string;
}

/**
 * Holds what a terminal approved by itself, whatever the balance: it may be overdrawn then.
 *
 * @returns false when it is known
 */
export async function holdOfflineSale(db: Queryable, sale: StoredSale): Promise<boolean> {
  const { rowCount } = await db.query(
    `WITH fresh AS (
       INSERT INTO card_authorization (authorization_id, settlement_id, card, last4, currency, state, authorized, held,
                                       approval_code, network_reference)
       VALUES ($1, $2, $3, $4, $5, 'held', $6, $6, $7, $8) ON CONFLICT DO NOTHING RETURNING 1
     ), spent AS (
       UPDATE card_balance SET available = available - $6::int8 FROM fresh WHERE card = $3 AND currency = $5
     )
     SELECT FROM fresh`,
    [
      sale.authorizationId,
      sale.attemptId,
      sale.card,
      sale.last4,
      sale.currency,
      sale.amount,
      sale.approvalCode,
      sale.networkReference,
    ],
  );
  return rowCount === 1;
}

import type { InspectV1, RecallV1 } from '@couplet/contracts';
import type { z } from 'zod';
import type { HoldState } from '../domain/hold.ts';
import type { Queryable } from './queryable.ts';

export async function inspect(
  db: Queryable,
  authorizationId: string,
): Promise<z.output<typeof InspectV1.reply>> {
  const { rows } = await db.query<{ state: HoldState; held: bigint; captured: bigint; refunded: bigint }>({
    name: 'inspect',
    text: 'SELECT state, held, captured, refunded FROM card_authorization WHERE authorization_id = $1',
    values: [authorizationId],
  });
  return rows[0] ?? { state: 'unknown', held: 0n, captured: 0n, refunded: 0n };
}

type Recalled = z.output<typeof RecallV1.reply>['authorizations'];
type RecalledRow = Omit<Recalled[number], 'at' | 'reason'> & { at: Date; reason: string | null };

export async function recall(db: Queryable, after: string | undefined, limit: number): Promise<Recalled> {
  const { rows } = await db.query<RecalledRow>({
    name: 'recall',
    text: `SELECT authorization_id AS "authorizationId", settlement_id AS "settlementId", last4, currency, state,
                  authorized, held, captured, refunded, stand_in AS "standIn", decline_reason AS reason, at
             FROM card_authorization
            WHERE $1::uuid IS NULL OR authorization_id > $1
            ORDER BY authorization_id LIMIT $2`,
    values: [after ?? null, limit],
  });
  return rows.map(({ standIn, reason, at, ...row }) => ({
    ...row,
    ...(standIn && { standIn }),
    ...(reason !== null && { reason }),
    at: at.toISOString(),
  }));
}

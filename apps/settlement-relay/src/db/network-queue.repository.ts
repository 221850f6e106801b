import type pg from 'pg';
import type { Due } from '../domain/network-queue.ts';
import { settlementOf, type SettlementRow } from './settlement-row.ts';
import { CLAIM, POSTPONE } from './statements.ts';

export interface Waits {
  /** How long a claimed row is left to its claimer: longer than one request. */
  readonly leaseMs: number;
  readonly backoffMsMin: number;
  readonly backoffMsMax: number;
}

/** The store-and-forward queue to the card network: the authorization rows themselves. */
export class NetworkQueueRepository {
  constructor(
    private readonly pool: pg.Pool,
    private readonly waits: Waits,
  ) {}

  /** Rows that are due and that nobody else has in hand. */
  async claim(limit: number): Promise<Due[]> {
    const { leaseMs, backoffMsMin, backoffMsMax } = this.waits;
    const { rows } = await this.pool.query<ClaimedRow>({
      ...CLAIM,
      values: [limit, leaseMs, backoffMsMin, backoffMsMax],
    });
    return rows.flatMap(dueOf);
  }

  /** It was not answered: tried again after the back-off alone. */
  async postpone({ authorization, requestId, tries }: Due): Promise<void> {
    const { backoffMsMin, backoffMsMax } = this.waits;
    const waitMs = Math.min(backoffMsMin * 2 ** Math.min(tries - 1, 20), backoffMsMax);
    await this.pool.query({ ...POSTPONE, values: [authorization.authorizationId, requestId, waitMs] });
  }
}

type ClaimedRow = SettlementRow & { request_id: string; tries: number };

function dueOf(row: ClaimedRow): Due[] {
  const settlement = settlementOf([row]);
  const [authorization] = settlement?.authorizations ?? [];
  if (!settlement || !authorization) return [];
  return [{ settlement, authorization, requestId: row.request_id, tries: row.tries }];
}

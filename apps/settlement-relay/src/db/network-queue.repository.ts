import { Gathered } from '@couplet/postgres';
import type pg from 'pg';
import type { Due } from '../domain/network-queue.ts';
import { rowsByAuthorization } from './find-settlements.ts';
import { settlementOf, type SettlementRow } from './settlement-row.ts';
import { CLAIM, POSTPONE } from './statements.ts';

export interface Waits {
  /** How long a claimed row is left to its claimer: longer than one request. */
  readonly leaseMs: number;
  readonly backoffMsMin: number;
  readonly backoffMsMax: number;
}

/** The store-and-forward queue to the card network: what it has to ask is told by the authorizations themselves. */
export class NetworkQueueRepository {
  private readonly postponed: Gathered<Due, void>;

  constructor(
    private readonly pool: pg.Pool,
    private readonly waits: Waits,
  ) {
    this.postponed = new Gathered((batch) => this.postponeTogether(batch), { lanes: 1 });
  }

  /** What is due and nobody else has in hand; read after it was claimed, so that it is as the last commit left it. */
  async claim(limit: number): Promise<Due[]> {
    const { leaseMs, backoffMsMin, backoffMsMax } = this.waits;
    const { rows: claimed } = await this.pool.query<{ authorization_id: string; tries: number }>({
      ...CLAIM,
      values: [limit, leaseMs, backoffMsMin, backoffMsMax],
    });
    if (claimed.length === 0) return [];
    const keys = claimed.map(({ authorization_id: authorizationId }) => ({ authorizationId }));
    const found = await rowsByAuthorization(this.pool, keys);
    return claimed.flatMap((one, n) => dueOf(found[n] ?? [], one));
  }

  /** It was not answered: tried again after the back-off alone. */
  async postpone(due: Due): Promise<void> {
    await this.postponed.do(due);
  }

  private async postponeTogether(batch: readonly Due[]): Promise<void[]> {
    const { backoffMsMin, backoffMsMax } = this.waits;
    const ordered = batch.toSorted((one, other) => (idOf(one) < idOf(other) ? -1 : 1));
    await this.pool.query({
      ...POSTPONE,
      values: [
        ordered.map(idOf),
        ordered.map(({ requestId }) => requestId),
        ordered.map(({ tries }) => Math.min(backoffMsMin * 2 ** Math.min(tries - 1, 20), backoffMsMax)),
      ],
    });
    return batch.map(() => undefined);
  }
}

const idOf = ({ authorization }: Due): string => authorization.authorizationId;

function dueOf(
  rows: readonly SettlementRow[],
  { authorization_id: id, tries }: { authorization_id: string; tries: number },
): Due[] {
  const settlement = settlementOf(rows);
  const authorization = settlement?.authorizations.find(({ authorizationId }) => authorizationId === id);
  const row = rows.find(({ authorization_id }) => authorization_id === id);
  if (!settlement || !authorization || !row) return [];
  return [{ settlement, authorization, requestId: row.request_id, tries }];
}

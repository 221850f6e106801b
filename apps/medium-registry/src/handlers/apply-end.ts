import { type OutboxRelay, recordOnce } from '@couplet/outbox';
import { inTransaction } from '@couplet/postgres';
import { endSettlement } from '../db/end-settlement.ts';
import type { Registry } from '../db/registry.ts';
import type { SettlementEnd } from '../domain/settlement-end.ts';

/** The end of a settlement as an event tells it. */
export interface ToldEnd {
  eventId: string;
  settlementId: string;
  step: 'granted' | 'abandoned' | 'rolled-back';
  end: SettlementEnd;
}

/** Applies an end once, however often it is told, in one transaction with the mark that it was. */
export async function applyEnd(
  { pool, offers, reached }: Registry,
  outbox: OutboxRelay,
  { eventId, settlementId, step, end }: ToldEnd,
): Promise<void> {
  await inTransaction(pool, async (client) => {
    if (!(await recordOnce(client, { consumer: 'medium-registry', eventId }))) return;
    await endSettlement(client, offers, settlementId, end);
    reached(`registry.${step}.before-commit`);
  });
  reached(`registry.${step}.after-commit`);
  outbox.wake();
}

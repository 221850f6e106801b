import type { EventContract } from '@couplet/contracts';
import { recordUnseen } from '@couplet/outbox';
import { inTransaction } from '@couplet/postgres';
import { failpoint } from '@couplet/service-host';
import type pg from 'pg';
import { z } from 'zod';
import { FACT_STATEMENTS } from './fact-statements.ts';
import { addShares } from './roll-ups.ts';
import { lockFacts } from './writer-lock.ts';

const CONSUMER = 'analytics';

export interface UsageEvent<Contract extends EventContract = EventContract> {
  eventId: string;
  contract: Contract;
  payload: z.output<Contract['payload']>;
}

/**
 * Takes events into facts and roll-ups, all in one transaction with their inbox marks. Events that are here already
 * change nothing; the order among the others does not matter.
 */
export async function accumulate(pool: pg.Pool, events: readonly UsageEvent[]): Promise<void> {
  await inTransaction(pool, async (client) => {
    await lockFacts(client);
    const unseen = await recordUnseen(client, {
      consumer: CONSUMER,
      eventIds: events.map(({ eventId }) => eventId),
    });
    const fresh = [...new Map(events.map((event) => [event.eventId, event])).values()] //
      .filter(({ eventId }) => unseen.has(eventId));
    const keys = [...new Set(fresh.flatMap(({ payload }) => keysOf(payload)))];
    await addShares(client, keys, -1);
    for (const [contract, text] of FACT_STATEMENTS) {
      const payloads = fresh.filter((event) => event.contract === contract).map(wireOf);
      if (payloads.length === 0) continue;
      await client.query({ name: contract.subject, text, values: [JSON.stringify(payloads)] });
    }
    await addShares(client, keys, 1);
    failpoint('analytics.accumulate.before-commit');
  });
  failpoint('analytics.accumulate.after-commit');
}

/** Of the facts whose shares in the roll-ups an event changes. */
function keysOf(payload: unknown): string[] {
  const { settlementId, searchId, acquisitionId } = payload as Record<string, string | undefined>;
  return [settlementId, searchId, acquisitionId].filter((key) => key !== undefined);
}

const wireOf = ({ contract, payload }: UsageEvent): unknown => z.encode(contract.payload, payload);

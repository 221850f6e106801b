import {
  CouponConsumedV1,
  CouponRolledBackV1,
  CouponsAcquiredV1,
  CouponsSearchedV1,
  type EventContract,
  ScanGrantedV1,
  ScanRolledBackV1,
  SettlementAbandonedV1,
  SettlementCreditedV1,
  SettlementGrantedV1,
  SettlementRolledBackV1,
  wireOf,
} from '@couplet/contracts';
import { recordUnseen } from '@couplet/outbox';
import { inTransaction } from '@couplet/postgres';
import { failpoint } from '@couplet/service-host';
import type pg from 'pg';
import type { z } from 'zod';
import { FACT_STATEMENTS } from './fact-statements.ts';
import { addShares, type FactKeys } from './roll-ups.ts';
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
    const touched = factsTouchedBy(fresh);
    await addShares(client, touched, -1);
    for (const [contract, text] of FACT_STATEMENTS) {
      const payloads = fresh.filter((event) => event.contract === contract);
      if (payloads.length === 0) continue;
      const wire = payloads.map(({ payload }) => wireOf(contract.payload, payload)).join(',');
      await client.query({ name: contract.subject, text, values: [`[${wire}]`] });
    }
    await addShares(client, touched, 1);
    failpoint('analytics.accumulate.before-commit');
  });
  failpoint('analytics.accumulate.after-commit');
}

/** The facts whose shares in the roll-ups these events change; a capture, say, changes none. */
function factsTouchedBy(events: readonly UsageEvent[]): FactKeys {
  const keys = (name: string, ...contracts: EventContract[]): string[] => [
    ...new Set(
      events
        .filter(({ contract }) => contracts.includes(contract))
        .map(({ payload }) => (payload as Record<string, string>)[name]!),
    ),
  ];
  return {
    search: keys('searchId', CouponsSearchedV1),
    acquisition: keys('acquisitionId', CouponsAcquiredV1),
    settlement: keys('settlementId', SettlementGrantedV1, SettlementAbandonedV1, SettlementRolledBackV1),
    use: keys('settlementId', CouponConsumedV1, CouponRolledBackV1, SettlementCreditedV1),
    scan: keys('settlementId', ScanGrantedV1, ScanRolledBackV1, CouponConsumedV1),
  };
}

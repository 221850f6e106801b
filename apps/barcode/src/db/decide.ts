import { appendEvents } from '@couplet/outbox';
import type pg from 'pg';
import type { ScanOutcome } from '../domain/scan.ts';
import { type Decided, readDecided } from './decided.ts';
import { abandonedEvent, grantedEvent } from './scan-events.ts';
import { abandonUnknown, type Decision, giveUp, writeDecisions } from './write-scans.ts';

/**
 * Decides scans in the caller's transaction, as if they had come one after the other: scans, uses of codes and events,
 * each by one statement.
 *
 * @returns what is decided of each now, in their order
 */
export async function decide(
  client: pg.PoolClient,
  batch: readonly Decision[],
  now: Date,
): Promise<Decided[]> {
  // Of a scan that is repeated while it waits the first counts.
  const firsts = new Map(batch.toReversed().map((decision) => [decision.command.settlementId, decision]));
  const decisions = batch.filter((decision) => firsts.get(decision.command.settlementId) === decision);
  const { won, lost } = await writeDecisions(client, decisions);
  await giveUp(client, [...lost]);

  const known = decisions
    .map(({ command }) => command)
    .filter(({ settlementId }) => !won.has(settlementId) && !lost.has(settlementId));
  const knownIds = known.map(({ settlementId }) => settlementId);
  // Where another body, or a void, was first, what this one reserved is free.
  const buried = await abandonUnknown(client, knownIds);
  const decided = await readDecided(client, known);

  await appendEvents(client, [
    ...decisions
      .filter(({ command, confirmBy }) => won.has(command.settlementId) && !confirmBy)
      .map(({ sale }) => grantedEvent(sale, now)),
    ...[...lost, ...buried].map((settlementId) => abandonedEvent(settlementId, now)),
  ]);
  return batch.map(({ command: { settlementId } }) => {
    if (won.has(settlementId)) return wonBy(firsts.get(settlementId)!);
    if (lost.has(settlementId)) return { state: 'refused', reason: 'already-used' };
    return decided[knownIds.indexOf(settlementId)];
  });
}

function wonBy({ sale, step, confirmBy }: Decision): ScanOutcome {
  const granted = { ...sale, step };
  return confirmBy ? { state: 'held', sale: granted, confirmBy } : { state: 'granted', sale: granted };
}

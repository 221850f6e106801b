import { appendEvents } from '@couplet/outbox';
import type pg from 'pg';
import { type Decided, readDecided } from './decided.ts';
import { abandonedEvent } from './scan-events.ts';
import { abandonUnknown, giveUp, type Wanting, writeWanting } from './write-scans.ts';

/**
 * Writes down scans that want to use their codes, in the caller's transaction, as if they had come one after the other: scans,
 * uses of codes and events, each by one statement.
 *
 * @returns what is decided of each now, in their order
 */
export async function decide(
  client: pg.PoolClient,
  batch: readonly Wanting[],
  now: Date,
): Promise<Decided[]> {
  // Of a scan that is repeated while it waits the first counts.
  const firsts = new Map(batch.toReversed().map((wanting) => [wanting.command.settlementId, wanting]));
  const wanting = batch.filter((one) => firsts.get(one.command.settlementId) === one);
  const { won, lost } = await writeWanting(client, wanting);
  await giveUp(client, [...lost]);

  const known = wanting.filter(
    ({ command: { settlementId } }) => !won.has(settlementId) && !lost.has(settlementId),
  );
  // Where another body, or a void, was first, what this one reserved is free.
  const buried = await abandonUnknown(client, known.filter(isHeld).map(settlementOf));
  const decided = await readDecided(
    client,
    known.map(({ command }) => command),
  );
  const free = [
    ...wanting.filter((one) => isHeld(one) && lost.has(settlementOf(one))).map(settlementOf),
    ...buried,
  ];
  await appendEvents(
    client,
    free.map((settlementId) => abandonedEvent(settlementId, now)),
  );

  const knownIds = known.map(settlementOf);
  return batch.map((one) => {
    const settlementId = settlementOf(one);
    if (won.has(settlementId)) return wonBy(firsts.get(settlementId)!);
    if (lost.has(settlementId)) return { state: 'refused', reason: 'already-used' };
    return decided[knownIds.indexOf(settlementId)];
  });
}

function wonBy({ codeUse: { codeId }, held }: Wanting): Decided {
  return held ? { state: 'held', ...held } : { state: 'asked', codeId };
}

/** It has reserved; one that is final at once asks for nothing before it has won. */
function isHeld({ held }: Wanting): boolean {
  return held !== undefined;
}

function settlementOf({ command }: Wanting): string {
  return command.settlementId;
}

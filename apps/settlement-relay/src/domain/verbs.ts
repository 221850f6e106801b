import type { SettleReply } from '@couplet/contracts';
import { announceAbandoned } from './announcement.ts';
import { decide, type SettlementEvent } from './decide.ts';
import { replyOf } from './reply.ts';
import type { DecideDeps, SettlementKey } from './settle-deps.ts';
import { grantedCouponIds, phaseOf, type Settlement } from './settlement.ts';
import { UNSEEN, type Phase } from './settlement-table.ts';

/** An attempt as its relay names it. */
export interface AttemptKey {
  readonly relay: string;
  readonly attemptId: string;
}

/** Cancels whatever became of the attempt: a reversal before it was confirmed, a refund after. */
export async function cancel(attempt: AttemptKey, deps: VerbDeps): Promise<'cancelled'> {
  await decided(attempt, attempt, 'cancel', deps);
  return 'cancelled';
}

/** Undoes what was not confirmed; what was stays so. */
export async function voidAttempt(attempt: AttemptKey, deps: VerbDeps): Promise<'voided' | 'confirmed'> {
  const settlement = await decided(attempt, attempt, 'void', deps);
  return settlement && phaseOf(settlement) === 'confirmed' ? 'confirmed' : 'voided';
}

/** Goods leave on this answer, which is the same for ever. */
export async function confirm(
  attempt: AttemptKey,
  deps: VerbDeps,
): Promise<'confirmed' | 'voided' | 'in-progress' | 'unknown'> {
  const settlement = await decided(attempt, attempt, 'confirm', deps);
  if (!settlement) return 'unknown';
  switch (phaseOf(settlement)) {
    case 'confirmed':
      return 'confirmed';
    case 'started':
      return 'in-progress';
    case 'granted': // Not left behind by a confirm.
    case 'cancelled':
    case 'abandoned':
      return 'voided';
  }
}

/** The registry must know: what is undecided is decided now. Never "still running". */
export async function resolve(
  settlementId: string,
  deps: VerbDeps,
): Promise<{ decision: 'granted' | 'abandoned' | 'cancelled'; couponIds: string[] }> {
  // An id that no relay brought is filed under the registry's own name.
  const attempt = { relay: 'medium-registry', attemptId: settlementId };
  const settlement = await decided({ settlementId }, attempt, 'resolve', deps);
  if (!settlement || settlement.state === 'started')
    throw new Error(`settlement ${settlementId} is undecided`);
  return { decision: settlement.state, couponIds: grantedCouponIds(settlement) };
}

/** Reads only. */
export async function status(
  attempt: AttemptKey,
  { journal }: Pick<DecideDeps, 'journal'>,
): Promise<{ state: Phase | 'unknown'; reply?: SettleReply }> {
  const settlement = await journal.find(attempt);
  if (!settlement) return { state: 'unknown' };
  const reply = replyOf(settlement);
  return { state: phaseOf(settlement), ...(reply && { reply }) };
}

export type VerbDeps = DecideDeps & { readonly newId: () => string };

/** @returns the settlement as the journal has it afterwards; undefined when it is unknown and stays so */
async function decided(
  key: SettlementKey,
  attempt: AttemptKey,
  verb: 'cancel' | 'void' | 'resolve' | 'confirm',
  deps: VerbDeps,
): Promise<Settlement | undefined> {
  const known = await decideOn(key, { kind: verb }, deps);
  if (known) return known;
  if (UNSEEN[verb] === null) return undefined;
  const ended = endedUnseen(key, attempt, verb, deps);
  const written = await deps.journal.begin(ended, [announceAbandoned(ended, deps.clock.now())]);
  // Somebody brought it in between: it is known now.
  return written ? ended : decided(key, attempt, verb, deps);
}

/** Applies an event to what the journal has, again if somebody else writes at the same time. */
export async function decideOn(
  key: SettlementKey,
  event: SettlementEvent,
  deps: DecideDeps,
): Promise<Settlement | undefined> {
  for (;;) {
    const before = await deps.journal.find(key);
    const change = before && decide(before, event, deps.clock.now());
    if (!change) return before;
    deps.reached('verb.before-commit');
    const committed = await deps.journal.commit(before, change);
    deps.reached('verb.after-commit');
    if (committed) return change.settlement;
  }
}

function endedUnseen(
  key: SettlementKey,
  attempt: AttemptKey,
  verb: 'cancel' | 'void' | 'resolve' | 'confirm',
  { newId, clock }: VerbDeps,
): Settlement {
  return {
    settlementId: 'settlementId' in key ? key.settlementId : newId(),
    ...attempt,
    state: 'abandoned',
    confirmed: false,
    version: 1,
    deadlineAt: clock.now(),
    declineReason: verb === 'resolve' ? 'timeout' : 'cancelled',
    authorizations: [],
  };
}

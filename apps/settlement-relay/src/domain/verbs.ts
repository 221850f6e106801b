import type { ResolveV1, SettleReply } from '@couplet/contracts';
import type { z } from 'zod';
import { announceAbandoned } from './announcement.ts';
import { decide, type SettlementEvent } from './decide.ts';
import { replyOf } from './reply.ts';
import type { DecideDeps, SettlementKey } from './settle-deps.ts';
import { couponsInUse, phaseOf, type Refund, type Settlement } from './settlement.ts';
import { UNSEEN, type Phase, type Verb } from './settlement-table.ts';

/** An attempt as its relay names it. */
export interface AttemptKey {
  readonly relay: string;
  readonly attemptId: string;
}

/**
 * Cancels whatever became of the attempt: a reversal before it was confirmed, a refund after.
 *
 * @returns the attempt with which this one ends, when it does not end alone
 */
export async function cancel(attempt: AttemptKey, deps: VerbDeps): Promise<'cancelled' | EndsWith> {
  const { couponReturn } = deps;
  const settlement = await decided(attempt, attempt, { kind: 'cancel', couponReturn }, deps);
  const isBound = settlement && phaseOf(settlement) === 'confirmed';
  return isBound ? { endsWith: await firstOf(settlement, deps) } : 'cancelled';
}

export interface EndsWith {
  readonly endsWith: string;
}

/** Undoes what was not confirmed; what was stays so. */
export async function voidAttempt(attempt: AttemptKey, deps: VerbDeps): Promise<'voided' | 'confirmed'> {
  const settlement = await decided(attempt, attempt, { kind: 'void' }, deps);
  return settlement && phaseOf(settlement) === 'confirmed' ? 'confirmed' : 'voided';
}

/** Goods leave on this answer, which is the same for ever. */
export async function confirm(
  attempt: AttemptKey,
  deps: VerbDeps,
): Promise<'confirmed' | 'voided' | 'in-progress' | 'unknown'> {
  const settlement = await decided(attempt, attempt, { kind: 'confirm', creditId: deps.newId() }, deps);
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
): Promise<Omit<z.output<typeof ResolveV1.reply>, 'settlementId'>> {
  // An id that no relay brought is filed under the registry's own name.
  const attempt = { relay: 'medium-registry', attemptId: settlementId };
  const settlement = await decided({ settlementId }, attempt, { kind: 'resolve' }, deps);
  if (!settlement || settlement.state === 'started')
    throw new Error(`settlement ${settlementId} is undecided`);
  const couponIds = settlement.grant?.coupons.map(({ couponId }) => couponId) ?? [];
  const keptCouponIds = settlement.keepsCoupons ? couponsInUse(settlement) : [];
  return { decision: settlement.state, couponIds, ...(keptCouponIds.length > 0 && { keptCouponIds }) };
}

/** Reads only. */
export async function status(
  attempt: AttemptKey,
  { journal }: Pick<DecideDeps, 'journal'>,
): Promise<{ state: Phase | 'unknown'; refunds?: Refund[]; reply?: SettleReply }> {
  const settlement = await journal.find(attempt);
  if (!settlement) return { state: 'unknown' };
  const reply = replyOf(settlement);
  const { refunds } = settlement;
  return {
    state: phaseOf(settlement),
    ...(refunds.length > 0 && { refunds: [...refunds] }),
    ...(reply && { reply }),
  };
}

export type VerbDeps = DecideDeps & { readonly newId: () => string };

/** @returns the settlement as the journal has it afterwards; undefined when it is unknown and stays so */
async function decided(
  key: SettlementKey,
  attempt: AttemptKey,
  event: Extract<SettlementEvent, { kind: Verb }>,
  deps: VerbDeps,
): Promise<Settlement | undefined> {
  const known = await decideOn(key, event, deps);
  if (known) return known;
  if (UNSEEN[event.kind] === null) return undefined;
  const ended = endedUnseen(key, attempt, event.kind, deps);
  const written = await deps.journal.begin(ended, [announceAbandoned(ended, deps.clock.now())]);
  // Somebody brought it in between: it is known now.
  return written ? ended : decided(key, attempt, event, deps);
}

/** @returns the attempt whose sale this one pays in part: the one to ask for a refund */
export async function firstOf(
  settlement: Settlement,
  { journal }: Pick<DecideDeps, 'journal'>,
): Promise<string> {
  let first = settlement;
  for (let id = first.terms?.continues; id !== undefined; id = first.terms?.continues) {
    const before = await journal.find({ settlementId: id });
    if (!before) throw new Error(`settlement ${first.settlementId} continues none that is known`);
    first = before;
  }
  return first.attemptId;
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
  verb: Verb,
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
    refunds: [],
  };
}

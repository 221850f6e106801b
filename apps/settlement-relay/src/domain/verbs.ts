import type { ResolveV1, SettleReply } from '@couplet/contracts';
import type { z } from 'zod';
import { announceAbandoned } from './announcement.ts';
import { decide, type SettlementEvent } from './decide.ts';
import { replyOf } from './reply.ts';
import type { DecideDeps, SettlementKey } from './settle-deps.ts';
import { planRefund, type RefundRefusal, type ReturnRequest } from './refund.ts';
import { couponsInUse, phaseOf, type Refund, type Settlement } from './settlement.ts';
import { UNSEEN, type Phase, type Verb } from './settlement-table.ts';

/** An attempt as its relay names it. */
export interface AttemptKey {
  readonly relay: string;
  readonly attemptId: string;
}

/** Cancels whatever became of the attempt: a reversal before it was confirmed, a refund after. */
export async function cancel(attempt: AttemptKey, deps: VerbDeps): Promise<'cancelled'> {
  const { couponReturn } = deps;
  await decided(attempt, attempt, { kind: 'cancel', couponReturn }, deps);
  return 'cancelled';
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
  const settlement = await decided(attempt, attempt, { kind: 'confirm' }, deps);
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

export type RefundAnswer =
  | { readonly kind: 'refund'; readonly refund: Refund }
  | { readonly kind: 'refused'; readonly reason: RefundRefusal; readonly lineId?: string }
  /** The same id was used for other lines. */
  | { readonly kind: 'conflict' }
  | { readonly kind: 'not-refundable'; readonly phase: Phase | 'unknown' };

/** Gives back lines of a confirmed sale; a repeat is answered with what became of it. */
export async function refund(
  attempt: AttemptKey,
  asked: ReturnRequest,
  deps: VerbDeps,
): Promise<RefundAnswer> {
  const { couponReturn } = deps;
  const settlement = await decided(attempt, attempt, { kind: 'refund', asked, couponReturn }, deps);
  const known = settlement?.refunds.find(({ refundId }) => refundId === asked.refundId);
  if (known) return isFor(known, asked) ? { kind: 'refund', refund: known } : { kind: 'conflict' };
  if (!settlement) return { kind: 'not-refundable', phase: 'unknown' };
  const phase = phaseOf(settlement);
  if (phase !== 'confirmed') return { kind: 'not-refundable', phase };
  const planned = planRefund(settlement, asked, couponReturn);
  if (planned.kind === 'refund') throw new Error(`refund ${asked.refundId} was neither made nor refused`);
  return planned;
}

const isFor = ({ lines }: Refund, asked: ReturnRequest): boolean =>
  !asked.lines ||
  (asked.lines.length === lines.length &&
    asked.lines.every(({ lineId, quantity }) =>
      lines.some((line) => line.lineId === lineId && isQuantity(line.quantity, quantity)),
    ));

/** Fifteen digits at most, which a double tells apart; absent asked for whatever was left. */
const isQuantity = (given: string, asked = given): boolean => Number(given) === Number(asked);

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

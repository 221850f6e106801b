import type { SettleReply } from '@couplet/contracts';
import { decide } from './decide.ts';
import {
  needsSearch,
  recombine,
  recombineSecond,
  type Abandons,
  type CardAnswer,
  type CouponAnswer,
  type Grants,
} from './recombine.ts';
import { replyOf } from './reply.ts';
import type { SettleCommand, SettleDeps } from './settle-deps.ts';
import { sendingOf, type Authorization, type Settlement } from './settlement.ts';

export type SettleAnswer =
  | { readonly kind: 'answer'; readonly reply: SettleReply }
  | { readonly kind: 'in-progress' }
  | { readonly kind: 'conflict' };

/**
 * The main job (seed 000, claims 9 and 19): the card authorization and the coupon search leave at the same time and
 * recombine into one settlement at the price that the coupons leave.
 *
 * Every step is on disk before its message is on the wire. Dying anywhere leaves an attempt that the sweeper abandons
 * and authorizations that the queue reverses; nothing else is ever undone here.
 */
export async function settle(command: SettleCommand, deps: SettleDeps): Promise<SettleAnswer> {
  const started = newSettlement(command, deps);
  if (!(await deps.journal.begin(started))) return repeated(command, deps);
  deps.reached('settle.after-journal');

  // Both messages leave before either is awaited.
  const authorizing = authorize(started, command, deps);
  const searching = search(started, command, deps);
  const knowingRail = deps.network.capabilities(command.relay);
  deps.reached('settle.after-fan-out');

  const card = await authorizing;
  deps.reached('settle.after-authorized');
  const coupons = needsSearch(card) ? await firstOf(searching, searchIsLate(started, deps)) : LATE;

  const rail = coupons.couponSearch === 'found' ? await knowingRail : NO_RAIL;

  const decision = recombine(card, coupons, rail, command.request.amount);
  if (decision.kind === 'ask-again') return askAgain(started, decision.amount, coupons, command, deps);
  return conclude(started, decision, command, deps);
}

/** F6: no hold exists, so the card may be asked once more, at what the coupons leave. */
async function askAgain(
  started: Settlement,
  amount: bigint,
  coupons: CouponAnswer,
  command: SettleCommand,
  deps: SettleDeps,
): Promise<SettleAnswer> {
  const change = decide(
    started,
    { kind: 'ask-again', authorizationId: deps.newId(), amount },
    deps.clock.now(),
  );
  if (!change || !(await deps.journal.commit(started, change))) return answer(started, command, deps);
  deps.reached('settle.after-second-journal');

  const card = await authorize(change.settlement, command, deps);
  deps.reached('settle.after-second-authorized');
  const decision = recombineSecond(card, coupons, command.request.amount);
  return conclude(change.settlement, decision, command, deps);
}

/** The point of no return: one commit, which holds only while nobody else has decided. */
async function conclude(
  undecided: Settlement,
  decision: Grants | Abandons,
  command: SettleCommand,
  deps: SettleDeps,
): Promise<SettleAnswer> {
  const now = deps.clock.now();
  const confirmBy = after(now, deps.limits.confirmDeadlineMs);
  const { lines } = command.request;
  deps.reached(`settle.before-${decision.kind}`);
  const event = decision.kind === 'grant' ? { ...decision, lines, confirmBy } : decision;
  const change = decide(undecided, event, now);
  const committed = change && (await deps.journal.commit(undecided, change, command.traceparent));
  deps.reached(`settle.after-${decision.kind}`);
  return committed ? answerOf(change.settlement, command) : answer(undecided, command, deps);
}

/** F17: a repeat is answered from the present state, never from memory. */
async function repeated(command: SettleCommand, deps: SettleDeps): Promise<SettleAnswer> {
  const { relay, request } = command;
  const known = await deps.journal.find({ relay, attemptId: request.attemptId });
  if (!known) throw new Error(`attempt ${request.attemptId} was refused and is not there`);
  const otherBody = known.fingerprint !== undefined && known.fingerprint !== command.fingerprint;
  return otherBody ? { kind: 'conflict' } : answerOf(known, command);
}

/** Somebody else decided: the sweeper, the registry or the terminal. */
async function answer(
  { settlementId }: Settlement,
  command: SettleCommand,
  deps: SettleDeps,
): Promise<SettleAnswer> {
  const decided = await deps.journal.find({ settlementId });
  if (!decided) throw new Error(`settlement ${settlementId} is gone`);
  return answerOf(decided, command);
}

function answerOf(settlement: Settlement, { request }: SettleCommand): SettleAnswer {
  const reply = replyOf(settlement, request);
  return reply ? { kind: 'answer', reply } : { kind: 'in-progress' };
}

function newSettlement(
  { relay, request, payment, fingerprint }: SettleCommand,
  deps: SettleDeps,
): Settlement {
  const deadlineAt = after(deps.clock.now(), deps.limits.attemptDeadlineMs);
  const { attemptId, storeId, terminalId, purpose, currency, amount, capture } = request;
  const presentedAt = new Date(request.presentedAt);
  const first: Authorization = {
    authorizationId: deps.newId(),
    ordinal: 1,
    state: 'sending',
    held: amount,
    amount,
    expiresAt: deadlineAt,
  };
  return {
    settlementId: deps.newId(),
    relay,
    attemptId,
    fingerprint,
    deadlineAt,
    state: 'started',
    confirmed: false,
    version: 1,
    terms: { storeId, terminalId, presentedAt, purpose, currency, amount, capture },
    authorizations: payment ? [first] : [],
  };
}

async function authorize(
  settlement: Settlement,
  { relay, request, payment, traceparent }: SettleCommand,
  deps: SettleDeps,
): Promise<CardAnswer> {
  const authorization = sendingOf(settlement);
  if (!payment || !authorization) return { kind: 'no-card' };
  const { settlementId } = settlement;
  const { authorizationId, held: amount, expiresAt } = authorization;
  const { storeId, terminalId, currency } = request;
  return deps.network.authorize({
    relay,
    authorizationId,
    settlementId,
    storeId,
    terminalId,
    payment,
    amount,
    currency,
    expiresAt,
    presentedAt: new Date(request.presentedAt),
    ...(traceparent !== undefined && { traceparent }),
  });
}

async function search(
  { settlementId, deadlineAt }: Settlement,
  { request, media, traceparent }: SettleCommand,
  { registry, clock, limits }: SettleDeps,
): Promise<CouponAnswer> {
  if (media.length === 0) return { couponSearch: 'none' };
  const { purpose, storeId, currency, amount, lines } = request;
  return registry.reserve({
    settlementId,
    media,
    purpose,
    storeId,
    currency,
    amount,
    lines,
    presentedAt: new Date(request.presentedAt),
    resolveAt: after(clock.now(), limits.reservationDeadlineMs),
    usefulUntil: deadlineAt,
    ...(traceparent !== undefined && { traceparent }),
  });
}

/** A sale must not wait for a coupon: no answer in time means no coupon. While the card is out, waiting costs nothing. */
async function searchIsLate(
  { deadlineAt }: Settlement,
  { clock, limits }: SettleDeps,
): Promise<CouponAnswer> {
  const startedAt = deadlineAt.getTime() - limits.attemptDeadlineMs;
  await clock.until(new Date(startedAt + limits.searchDeadlineMs));
  return LATE;
}

const LATE: CouponAnswer = { couponSearch: 'late' };
/** Without a coupon nothing depends on what the rail can do. */
const NO_RAIL = {
  shrink: false,
  finalPartialCapture: false,
  secondAuthorization: false,
  partialApproval: false,
  refund: false,
};
const firstOf = <Answer>(...answers: Promise<Answer>[]): Promise<Answer> => Promise.race(answers);
const after = (time: Date, ms: number): Date => new Date(time.getTime() + ms);

import type { SettleReply } from '@couplet/contracts';
import { stepOf } from './bring-to-rest.ts';
import { decide, type SettlementEvent } from './decide.ts';
import { fanOut, type Legs } from './legs.ts';
import { creditLate } from './late-coupon.ts';
import { nextStep, type Answers, type NextStep } from './next-step.ts';
import { replyOf } from './reply.ts';
import type { SettleCommand, SettleDeps } from './settle-deps.ts';
import { hasComeBack, type Authorization, type Settlement } from './settlement.ts';

export type SettleAnswer =
  | { readonly kind: 'answer'; readonly reply: SettleReply }
  | { readonly kind: 'in-progress' }
  | { readonly kind: 'conflict' }
  /** What it continues has nothing due, or is being continued by another attempt. */
  | { readonly kind: 'nothing-due' };

/**
 * The main job (seed 000, claims 9 and 19): the card authorization and the coupon search leave at the same time and
 * recombine into one settlement at the price that the coupons leave.
 *
 * Every step is on disk before its message is on the wire. Dying anywhere leaves an attempt that the sweeper abandons
 * and authorizations that the queue reverses; nothing else is ever undone here.
 */
export async function settle(command: SettleCommand, deps: SettleDeps): Promise<SettleAnswer> {
  const continued = await continuedBy(command, deps);
  // A repeat is answered from what became of it, also when nothing is due any more.
  if (continued === 'nothing-due') return repeated(command, deps);
  const started = newSettlement(command, continued, deps);
  if (!(await deps.journal.begin(started))) return repeated(command, deps);
  deps.reached('settle.after-journal');
  // A refund that did not see this attempt is seen by it: what was given back meanwhile is not paid any more.
  if ((await continuedBy(command, deps)) !== continued) return unsent(started, command, deps);

  const legs = fanOut(started, command, deps);
  deps.reached('settle.after-fan-out');
  const ended = await play(started, legs, command, deps);
  const now = ended ?? (await deps.journal.find(started));
  if (!now) throw new Error(`settlement ${started.settlementId} is gone`);
  if (now.couponSearch === 'late' && now.grant)
    deps.afterwards(creditLate(now, legs.late, legs.searchAgain, deps));
  return answerOf(await adjusted(now, deps), command);
}

/** Plays step after step, each journalled before it is sent. @returns undefined when somebody else decided */
async function play(
  started: Settlement,
  legs: Legs,
  command: SettleCommand,
  deps: SettleDeps,
): Promise<Settlement | undefined> {
  let settlement = started;
  let answers: Answers = await legs.patience();
  while (settlement.state === 'started') {
    const rail = await legs.rail(answers);
    const step = nextStep(settlement, rail, answers, command.request);
    if (step.kind === 'await') {
      answers = { ...answers, ...(await legs.answer(step.answer, settlement)) };
      continue;
    }
    const change = decide(settlement, eventOf(step, command, deps), deps.clock.now());
    deps.reached(`settle.before-${step.kind}`);
    const committed = change && (await deps.journal.commit(settlement, change, command.traceparent));
    deps.reached(`settle.after-${step.kind}`);
    if (!committed) return undefined;
    settlement = change.settlement;
    // What was asked until now is answered; the coupons stay as they are.
    answers = answers.coupons ? { coupons: answers.coupons } : {};
  }
  return settlement;
}

function eventOf(
  step: Exclude<NextStep, { kind: 'await' }>,
  { request: { lines, continues } }: SettleCommand,
  { newId, clock, limits }: SettleDeps,
): SettlementEvent {
  switch (step.kind) {
    case 'ask-again':
      return { ...step, authorizationId: newId() };
    case 'grant':
      // What pays the rest of a sale sells nothing: the lines were sold with the first.
      return {
        ...step,
        lines: continues === undefined ? lines : [],
        confirmBy: after(clock.now(), limits.confirmDeadlineMs),
        creditId: newId(),
      };
    case 'swap-early':
    case 'reverse-first':
    case 'abandon':
      return step;
  }
}

/** Ends an attempt of which nothing was sent. */
async function unsent(started: Settlement, command: SettleCommand, deps: SettleDeps): Promise<SettleAnswer> {
  const end = { kind: 'abandon', reason: 'nothing-due', authorization: 'never-sent' } as const;
  const change = decide(started, { ...end, couponSearch: 'none' }, deps.clock.now());
  if (change) await deps.journal.commit(started, change, command.traceparent);
  return repeated(command, deps);
}

/** F17: a repeat is answered from the present state, never from memory. */
async function repeated(command: SettleCommand, deps: SettleDeps): Promise<SettleAnswer> {
  const { relay, request } = command;
  const known = await deps.journal.find({ relay, attemptId: request.attemptId });
  // Not this attempt was there already, but another that continues the same sale.
  if (!known && request.continues !== undefined) return { kind: 'nothing-due' };
  if (!known) throw new Error(`attempt ${request.attemptId} was refused and is not there`);
  const otherBody = known.fingerprint !== undefined && known.fingerprint !== command.fingerprint;
  return otherBody ? { kind: 'conflict' } : answerOf(known, command);
}

function answerOf(settlement: Settlement, { request }: SettleCommand): SettleAnswer {
  const reply = replyOf(settlement, request);
  return reply ? { kind: 'answer', reply } : { kind: 'in-progress' };
}

/** With `awaitAdjustMs`, waits until the hold is down to the granted amount, so that the shopper never sees the larger one. */
async function adjusted(granted: Settlement, { journal, clock, limits }: SettleDeps): Promise<Settlement> {
  const until = after(clock.now(), limits.awaitAdjustMs);
  const { settlementId } = granted;
  let settlement = granted;
  while (
    clock.now() < until &&
    settlement.authorizations.some((one) => stepOf(settlement, one) === 'adjust')
  ) {
    await clock.until(after(clock.now(), ADJUST_POLL_MS));
    settlement = (await journal.find({ settlementId })) ?? settlement;
  }
  return settlement;
}
const ADJUST_POLL_MS = 10;

/** F8: what another tender left due, to the last unit, unless it was given back. @returns the settlement that is continued, if any */
async function continuedBy(
  { relay, request: { continues, amount, currency } }: SettleCommand,
  { journal }: SettleDeps,
): Promise<string | undefined | 'nothing-due'> {
  if (continues === undefined) return undefined;
  const continued = await journal.find({ relay, attemptId: continues });
  const reply = continued && replyOf(continued);
  const isDue = reply?.outcome === 'approved' && reply.amountDue === amount && reply.currency === currency;
  return continued && isDue && !hasComeBack(continued) ? continued.settlementId : 'nothing-due';
}

function newSettlement(
  { relay, request, payment, fingerprint }: SettleCommand,
  continues: string | undefined,
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
  const terms = { storeId, terminalId, presentedAt, purpose, currency, amount, capture };
  return {
    settlementId: deps.newId(),
    relay,
    attemptId,
    fingerprint,
    deadlineAt,
    state: 'started',
    confirmed: false,
    version: 1,
    terms: { ...terms, ...(continues !== undefined && { continues }) },
    authorizations: payment ? [first] : [],
    refunds: [],
  };
}

const after = (time: Date, ms: number): Date => new Date(time.getTime() + ms);

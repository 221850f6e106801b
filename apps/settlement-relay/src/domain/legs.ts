import type { Capabilities } from '@couplet/contracts';
import type { Answers, CardAnswer, CouponAnswer } from './next-step.ts';
import type { SettleCommand, SettleDeps } from './settle-deps.ts';
import { sendingOf, type Settlement } from './settlement.ts';

/** The two legs of one attempt on the wire, and what came back of them. */
export interface Legs {
  /** What is known before the first answer: nothing, unless the authorize is held back for its coupons (S4). */
  patience(): Promise<Answers>;
  /** Waits for one answer; an authorize or a reversal that has not left leaves now. */
  answer(which: 'card' | 'coupons' | 'reversal', settlement: Settlement): Promise<Answers>;
  /** The answer to the search, however late; and the search again, for another settlement. */
  readonly late: Promise<CouponAnswer>;
  readonly searchAgain: (settlementId: string) => Promise<CouponAnswer>;
  /** What the rail can do, as far as it matters. */
  rail(answers: Answers): Promise<Capabilities>;
}

/** Sends both messages before either is awaited. */
export function fanOut(started: Settlement, command: SettleCommand, deps: SettleDeps): Legs {
  const { limits, network, clock, reached } = deps;
  const startedAt = new Date(started.deadlineAt.getTime() - limits.attemptDeadlineMs);
  const sent = new Map<string, Promise<CardAnswer>>();
  const send = (settlement: Settlement): Promise<CardAnswer> => {
    const { authorizationId } = asked(settlement);
    const answer = sent.get(authorizationId) ?? authorize(settlement, command, deps);
    sent.set(authorizationId, answer);
    return answer;
  };
  const holdsBack = limits.earlySwapMs > 0 && started.authorizations.length > 0;
  if (!holdsBack && started.authorizations.length > 0) void send(started);
  const knowingRail = network.capabilities(command.relay);
  const searching = search(started, command, knowingRail, deps);

  return {
    late: searching,
    searchAgain: (settlementId) => search({ ...started, settlementId }, command, knowingRail, deps),
    async patience() {
      if (!holdsBack) return {};
      const impatience = clock.until(after(startedAt, limits.earlySwapMs)).then(() => undefined);
      const coupons = await Promise.race([searching, impatience]);
      return { unsent: true, ...(coupons && { coupons }) };
    },
    async answer(which, settlement) {
      switch (which) {
        case 'card': {
          const card = await send(settlement);
          reached(asked(settlement).ordinal === 1 ? 'settle.after-card' : 'settle.after-second-card');
          return { card, unsent: false };
        }
        case 'coupons': {
          const coupons = await Promise.race([searching, searchIsLate(startedAt, deps)]);
          reached('settle.after-coupons');
          return { coupons };
        }
        case 'reversal': {
          const reversal = await reverse(settlement, deps);
          reached('settle.after-reversal');
          return { reversal };
        }
      }
    },
    rail: ({ coupons }) => (coupons?.couponSearch === 'found' ? knowingRail : Promise.resolve(NO_RAIL)),
  };
}

function asked(settlement: Settlement): NonNullable<ReturnType<typeof sendingOf>> {
  const authorization = sendingOf(settlement);
  if (!authorization) throw new Error(`settlement ${settlement.settlementId} has nothing to send`);
  return authorization;
}

async function authorize(
  settlement: Settlement,
  { relay, request, payment, traceparent }: SettleCommand,
  deps: SettleDeps,
): Promise<CardAnswer> {
  if (!payment) throw new Error(`settlement ${settlement.settlementId} has no card to ask`);
  const { settlementId } = settlement;
  const { authorizationId, held: amount, expiresAt } = asked(settlement);
  const { storeId, terminalId, currency } = request;
  const presentedAt = new Date(request.presentedAt);
  return deps.network.authorize({
    ...{ relay, authorizationId, settlementId, storeId, terminalId, payment, amount, currency },
    ...{ expiresAt, presentedAt },
    ...(traceparent !== undefined && { traceparent }),
  });
}

async function search(
  { settlementId, deadlineAt, authorizations }: Settlement,
  { request, media, traceparent }: SettleCommand,
  knowingRail: Promise<Capabilities>,
  { registry, clock, limits }: SettleDeps,
): Promise<CouponAnswer> {
  // The rest of a sale, paid by another tender: its coupons were settled with the first.
  if (media.length === 0 || request.continues !== undefined) return { couponSearch: 'none' };
  const { purpose, storeId, currency, amount, lines } = request;
  const canCredit = authorizations.length > 0 && (await mayPayBack(knowingRail));
  return registry.reserve({
    ...{ settlementId, media, purpose, storeId, currency, amount, lines, canCredit },
    presentedAt: new Date(request.presentedAt),
    resolveAt: after(clock.now(), limits.reservationDeadlineMs),
    usefulUntil: later(deadlineAt, after(clock.now(), limits.searchDeadlineMs)),
    ...(traceparent !== undefined && { traceparent }),
  });
}

/** Told at once: a relay that was never asked is taken to pay back, and the grant knows better. */
function mayPayBack(knowingRail: Promise<Capabilities>): Promise<boolean> {
  return Promise.race([knowingRail.then(({ refund }) => refund), Promise.resolve().then(() => true)]);
}

/** A sale must not wait for a coupon: no answer in time means no coupon. While the card is out, waiting costs nothing. */
async function searchIsLate(startedAt: Date, { clock, limits }: SettleDeps): Promise<CouponAnswer> {
  await clock.until(after(startedAt, limits.searchDeadlineMs));
  return { couponSearch: 'late' };
}

/** Asks until it is acknowledged or refused, as long as the attempt lives; afterwards the queue asks on (F16). */
async function reverse(
  { relay, settlementId, deadlineAt, authorizations: [first] }: Settlement,
  { network, newId, clock }: SettleDeps,
): Promise<NonNullable<Answers['reversal']>> {
  if (!first) throw new Error(`settlement ${settlementId} has nothing to reverse`);
  const { authorizationId } = first;
  const request = { relay, settlementId, authorizationId, requestId: newId(), usefulUntil: deadlineAt };
  for (;;) {
    const outcome = await network.reverse(request);
    if (outcome !== 'pending') return outcome;
    if (clock.now() >= deadlineAt) return 'no-answer';
    await clock.until(after(clock.now(), PENDING_POLL_MS));
  }
}
const PENDING_POLL_MS = 100;

/** Without a coupon nothing depends on what the rail can do. */
const NO_RAIL: Capabilities = {
  shrink: false,
  finalPartialCapture: false,
  secondAuthorization: false,
  partialApproval: false,
  refund: false,
};

const after = (time: Date, ms: number): Date => new Date(time.getTime() + ms);
const later = (one: Date, other: Date): Date => (one > other ? one : other);

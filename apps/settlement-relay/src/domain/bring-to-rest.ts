import type { FollowUpOutcome } from '@couplet/contracts';
import { announceCaptured, announceCredited } from './announcement.ts';
import { nextState, type Step } from './authorization-table.ts';
import { listed, withoutNeedlessRefunds, type Change } from './decide.ts';
import {
  cardAmountOf,
  dueRefund,
  refundedOnCard,
  type Authorization,
  type Refund,
  type Settlement,
} from './settlement.ts';

/**
 * What the queue has to ask of the card network next: a function of the journal alone, so that it is the same after any crash.
 *
 * @returns null when the authorization is at rest, is its handler's, waits for `confirm`, or is a person's
 */
export function stepOf(settlement: Settlement, authorization: Authorization): Step | null {
  const { state, confirmed } = settlement;
  switch (authorization.state) {
    case 'live':
      if (authorization.amount < authorization.held) return 'adjust';
      return confirmed ? 'capture' : null;
    case 'shrunk':
    case 'kept':
      return confirmed ? 'capture' : null;
    case 'remainder':
      return 'release';
    case 'reversing':
      return state === 'started' ? null : 'reverse'; // S3: until the attempt ends, its handler asks.
    case 'captured':
      return dueRefund(settlement) ? 'refund' : null;
    case 'sending': // The handler's, never sent again after a crash.
    case 'listed':
    case 'declined':
    case 'reversed':
    case 'refunded':
    case 'never-sent':
      return null;
  }
}

/** One thing to ask: two that differ are two requests to the network, each with an id of its own. */
export function askedOf(settlement: Settlement, authorization: Authorization): string | null {
  const step = stepOf(settlement, authorization);
  return step === 'refund' ? `refund ${String(dueRefund(settlement)?.refundId)}` : step;
}

interface Times {
  readonly now: Date;
  /** Clocks of the relay and ours differ by at most this. */
  readonly skewMs: number;
}

/**
 * Takes in the network's answer to one step.
 *
 * @returns undefined when there is nothing to write: ask again later, or the authorization has moved on
 */
export function answered(
  before: Settlement,
  authorizationId: string,
  step: Step,
  outcome: FollowUpOutcome,
  times: Times,
): Change | undefined {
  const authorization = before.authorizations.find((one) => one.authorizationId === authorizationId);
  if (!authorization || stepOf(before, authorization) !== step) return undefined;
  const refunds = step === 'refund' ? refundsAfter(before, outcome) : before.refunds;
  const after = authorizationAfter({ ...before, refunds }, authorization, step, outcome, times);
  if (!after) return undefined;

  const authorizations = before.authorizations.map((one) => (one === authorization ? after : one));
  const version = before.version + 1;
  const settlement = withoutNeedlessRefunds({ ...before, version, authorizations, refunds });
  const captured = step === 'capture' && outcome === 'done';
  const told = captured ? [announceCaptured(settlement, after, times.now)] : [];
  return { settlement, announcements: [...told, ...announceCredited(before, settlement, times.now)] };
}

function authorizationAfter(
  settlement: Settlement,
  authorization: Authorization,
  step: Step,
  outcome: FollowUpOutcome,
  { now, skewMs }: Times,
): Authorization | undefined {
  switch (outcome) {
    case 'pending':
      return undefined;
    case 'done':
      return done(settlement, authorization, step);
    case 'refused':
      return refused(settlement, authorization, step);
    case 'unknown-authorization':
      if (step !== 'reverse') return refused(settlement, authorization, step);
      // The reversal may have overtaken the authorization (F20): only after its expiry can none begin to hold.
      if (authorization.expiresAt.getTime() >= now.getTime() - skewMs) return undefined;
      return moved(authorization, 'reversed', 'the network never knew it: reconcile');
  }
}

function done(settlement: Settlement, authorization: Authorization, step: Step): Authorization | undefined {
  if (step === 'refund' && stillCharged(settlement))
    return moved(authorization, nextState(authorization.state, 'part-refunded'));
  return moved(authorization, nextState(authorization.state, `${step}-done`));
}

const stillCharged = (settlement: Settlement): boolean =>
  refundedOnCard(settlement) < cardAmountOf(settlement) || dueRefund(settlement) !== undefined;

function refundsAfter(settlement: Settlement, outcome: FollowUpOutcome): readonly Refund[] {
  const due = dueRefund(settlement);
  if (outcome === 'pending') return settlement.refunds;
  const state = outcome === 'done' ? 'done' : 'listed';
  return settlement.refunds.map((one) => (one === due ? { ...one, state } : one));
}

function refused(
  settlement: Settlement,
  authorization: Authorization,
  step: Step,
): Authorization | undefined {
  const next = nextState(authorization.state, `${step}-refused`);
  if (next !== 'listed') return moved(authorization, next);
  // A cancelled settlement is not captured later, so what could not be captured is freed.
  if (step === 'capture' && settlement.state === 'cancelled')
    return moved(authorization, nextState('listed', 'given-up'));
  return listed(authorization, `${step} refused`);
}

function moved(
  authorization: Authorization,
  state: Authorization['state'] | null,
  attention?: string,
): Authorization | undefined {
  if (state === null) return undefined;
  return { ...authorization, state, ...(attention !== undefined && { attention }) };
}

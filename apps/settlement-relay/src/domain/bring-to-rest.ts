import type { FollowUpOutcome } from '@couplet/contracts';
import { announceCaptured } from './announcement.ts';
import { nextState, type Step } from './authorization-table.ts';
import type { Change } from './decide.ts';
import type { Authorization, Settlement } from './settlement.ts';

/**
 * What the queue has to ask of the card network next: a function of the journal alone, so that it is the same after any crash.
 *
 * @returns null when the authorization is at rest, waits for `confirm`, or is a person's
 */
export function stepOf({ state, confirmed }: Settlement, authorization: Authorization): Step | null {
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
      return 'reverse';
    case 'captured':
      return state === 'cancelled' ? 'refund' : null;
    case 'sending': // The handler's, never sent again after a crash.
    case 'listed':
    case 'declined':
    case 'reversed':
    case 'refunded':
    case 'never-sent':
      return null;
  }
}

/**
 * Takes in the network's answer to one step.
 *
 * @param skewMs clocks of the relay and ours differ by at most this
 * @returns undefined when there is nothing to write: ask again later, or the authorization has moved on
 */
export function answered(
  before: Settlement,
  authorizationId: string,
  step: Step,
  outcome: FollowUpOutcome,
  { now, skewMs }: { now: Date; skewMs: number },
): Change | undefined {
  const authorization = before.authorizations.find((one) => one.authorizationId === authorizationId);
  if (!authorization || stepOf(before, authorization) !== step) return undefined;
  const after = authorizationAfter(before, authorization, step, outcome, now.getTime() - skewMs);
  if (!after) return undefined;

  const authorizations = before.authorizations.map((one) => (one === authorization ? after : one));
  const settlement = { ...before, version: before.version + 1, authorizations };
  const captured = step === 'capture' && outcome === 'done';
  return { settlement, announcements: captured ? [announceCaptured(settlement, after, now)] : [] };
}

function authorizationAfter(
  settlement: Settlement,
  authorization: Authorization,
  step: Step,
  outcome: FollowUpOutcome,
  surelyPast: number,
): Authorization | undefined {
  switch (outcome) {
    case 'pending':
      return undefined;
    case 'done':
      return moved(authorization, nextState(authorization.state, `${step}-done`));
    case 'refused':
      return refused(settlement, authorization, step);
    case 'unknown-authorization':
      if (step !== 'reverse') return refused(settlement, authorization, step);
      // The reversal may have overtaken the authorization (F20): only after its expiry can none begin to hold.
      if (authorization.expiresAt.getTime() >= surelyPast) return undefined;
      return moved(authorization, 'reversed', 'the network never knew it: reconcile');
  }
}

function refused(
  settlement: Settlement,
  authorization: Authorization,
  step: Step,
): Authorization | undefined {
  const next = nextState(authorization.state, `${step}-refused`);
  if (next !== 'listed') return moved(authorization, next);
  // A cancelled settlement is not captured later, so what could not be captured is freed.
  if (step === 'capture' && settlement.state === 'cancelled') {
    return moved(authorization, nextState('listed', 'given-up'));
  }
  return moved(authorization, 'listed', `${step} refused`);
}

function moved(
  authorization: Authorization,
  state: Authorization['state'] | null,
  attention?: string,
): Authorization | undefined {
  if (state === null) return undefined;
  return { ...authorization, state, ...(attention !== undefined && { attention }) };
}

import type { BasketLine } from '@couplet/contracts';
import { type Announcement, announceAbandoned, announceGranted, announceRolledBack } from './announcement.ts';
import { nextState, type AuthorizationEvent } from './authorization-table.ts';
import type { Abandons, AsksAgain, Grants } from './recombine.ts';
import { phaseOf, sendingOf, type Authorization, type Settlement } from './settlement.ts';
import { nextPhase } from './settlement-table.ts';

/** What happens to a settlement: the handler's decisions, the verbs of others, and the clock. */
export type SettlementEvent =
  | (Grants & { readonly lines: readonly BasketLine[]; readonly confirmBy: Date })
  | (AsksAgain & { readonly authorizationId: string })
  | Abandons
  | { readonly kind: 'deadline' | 'resolve' | 'confirm' | 'void' | 'cancel' };

/** One commit: the settlement as it will be, and what the world is told. */
export interface Change {
  readonly settlement: Settlement;
  readonly announcements: readonly Announcement[];
}

/**
 * Applies one event to one settlement by the tables.
 *
 * @returns undefined when the event changes nothing: somebody decided before
 */
export function decide(before: Settlement, event: SettlementEvent, now: Date): Change | undefined {
  const next = nextPhase(phaseOf(before), event.kind);
  if (next === null || (event.kind === 'deadline' && !isOverdue(before, now))) return undefined;
  const version = before.version + 1;
  switch (event.kind) {
    case 'grant':
      return grant({ ...before, version }, event, now);
    case 'ask-again':
      return { settlement: askAgain({ ...before, version }, event), announcements: [] };
    case 'confirm':
      return { settlement: { ...before, version, confirmed: true }, announcements: [] };
    case 'abandon':
      return abandon({ ...before, version, couponSearch: event.couponSearch }, event, now);
    case 'deadline':
    case 'resolve':
    case 'void':
    case 'cancel':
      return next === 'cancelled'
        ? cancel({ ...before, version }, event.kind, now)
        : abandon({ ...before, version }, END_OF[event.kind], now);
  }
}

function grant(before: Settlement, event: Extract<SettlementEvent, { kind: 'grant' }>, now: Date): Change {
  const { amount, coupons, strategy, approval, couponSearch, authorization } = event;
  const confirmed = before.terms?.capture === 'immediate' || amount === 0n;
  const settlement: Settlement = {
    ...before,
    state: 'granted',
    confirmed,
    couponSearch,
    grant: { amount, coupons, strategy, ...(approval && { approval }) },
    ...(!confirmed && { confirmBy: event.confirmBy }),
    authorizations: before.authorizations.map((one) =>
      one.state === 'sending' && authorization ? { ...advance(one, authorization), amount } : one,
    ),
  };
  return { settlement, announcements: [announceGranted(settlement, event.lines, now)] };
}

function askAgain(
  before: Settlement,
  { authorizationId, amount }: Extract<SettlementEvent, { kind: 'ask-again' }>,
): Settlement {
  const first = sendingOf(before);
  if (first?.ordinal !== 1) throw new Error(`settlement ${before.settlementId} may not ask again`);
  const second: Authorization = {
    authorizationId,
    ordinal: 2,
    state: 'sending',
    held: amount,
    amount,
    expiresAt: first.expiresAt,
  };
  return { ...before, authorizations: [advance(first, 'declined'), second] };
}

function abandon(
  before: Settlement,
  { reason, authorization }: Pick<Abandons, 'reason' | 'authorization'>,
  now: Date,
): Change {
  const settlement: Settlement = {
    ...before,
    state: 'abandoned',
    declineReason: reason,
    authorizations: before.authorizations.map((one) => advance(one, authorization)),
  };
  return { settlement, announcements: [announceAbandoned(settlement, now)] };
}

/** Not confirmed: reversed. Confirmed: the queue first finishes the capture, then refunds, so that no reversal races a capture. */
function cancel(before: Settlement, event: 'deadline' | 'resolve' | 'void' | 'cancel', now: Date): Change {
  const settlement: Settlement = {
    ...before,
    state: 'cancelled',
    authorizations: before.authorizations.map((one) =>
      !before.confirmed || one.state === 'listed' ? giveUp(one) : one,
    ),
  };
  const reason = event === 'deadline' ? 'confirm-deadline' : event === 'void' ? 'voided' : 'cancelled';
  return { settlement, announcements: [announceRolledBack(settlement, reason, now)] };
}

/** An attempt granted while the sweeper looked at it has another deadline now. */
function isOverdue({ state, deadlineAt, confirmBy }: Settlement, now: Date): boolean {
  const deadline = state === 'started' ? deadlineAt : confirmBy;
  return deadline !== undefined && deadline <= now;
}

const END_OF = {
  deadline: { reason: 'timeout', authorization: 'given-up' },
  resolve: { reason: 'timeout', authorization: 'given-up' },
  void: { reason: 'cancelled', authorization: 'given-up' },
  cancel: { reason: 'cancelled', authorization: 'given-up' },
} as const satisfies Record<string, Pick<Abandons, 'reason' | 'authorization'>>;

/** What was a person's is the queue's again. */
function giveUp({ authorizationId, ordinal, state, held, amount, expiresAt }: Authorization): Authorization {
  return advance({ authorizationId, ordinal, state, held, amount, expiresAt }, 'given-up');
}

function advance(authorization: Authorization, event: AuthorizationEvent): Authorization {
  const state = nextState(authorization.state, event);
  return state === null ? authorization : { ...authorization, state };
}

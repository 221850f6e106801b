import type { BasketLine } from '@couplet/contracts';
import {
  type Announcement,
  announceAbandoned,
  announceGranted,
  announceRefunded,
  announceRolledBack,
} from './announcement.ts';
import { LIVE_STATES, nextState, type AuthorizationEvent } from './authorization-table.ts';
import type { Abandons, AsksAgain, Grants, ReversesFirst, SwapsEarly } from './next-step.ts';
import { planRest, type CouponReturn, type Return } from './refund.ts';
import {
  cardAmountOf,
  endsWithItsSale,
  openUntil,
  phaseOf,
  type Authorization,
  type Refund,
  type Settlement,
} from './settlement.ts';
import { nextPhase } from './settlement-table.ts';
import { creditOwed } from './statement-credit.ts';

/** What happens to a settlement: the handler's decisions, the verbs of others, and the clock. */
export type SettlementEvent =
  | SwapsEarly
  | ReversesFirst
  | (AsksAgain & { readonly authorizationId: string })
  | (Grants & { readonly lines: readonly BasketLine[]; readonly confirmBy: Date; readonly creditId: string })
  | Abandons
  | ({ readonly kind: 'refund' } & Return)
  | { readonly kind: 'cancel'; readonly couponReturn: CouponReturn; readonly withItsSale?: boolean }
  | { readonly kind: 'deadline' }
  | { readonly kind: 'resolve' }
  /** `creditId` names what the sale owes its card from then on, if it owes anything. */
  | { readonly kind: 'confirm'; readonly creditId: string }
  | { readonly kind: 'void' };

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
export function decide(known: Settlement, event: SettlementEvent, now: Date): Change | undefined {
  const next = nextPhase(phaseOf(known), event.kind);
  if (next === null || (event.kind === 'deadline' && !isOverdue(known, now))) return undefined;
  if (event.kind === 'cancel' && !event.withItsSale && endsWithItsSale(known)) return undefined;
  const before = { ...known, version: known.version + 1 };
  switch (event.kind) {
    case 'swap-early':
      return silently(swapEarly(before, event));
    case 'reverse-first':
      return silently(reverseFirst(before));
    case 'ask-again':
      return silently(askAgain(before, event));
    case 'grant':
      return grant(before, event, now);
    case 'confirm':
      return becomeFinal({ ...before, confirmed: true }, event.creditId, now);
    case 'refund':
      return refund(before, event, now);
    case 'abandon':
      return abandon({ ...before, couponSearch: event.couponSearch }, event, now);
    case 'deadline':
    case 'resolve':
    case 'void':
    case 'cancel':
      return next === 'cancelled' ? cancel(before, event, now) : abandon(before, END_OF[event.kind], now);
  }
}

function swapEarly(before: Settlement, { amount }: SwapsEarly): Settlement {
  const cheaper = (one: Authorization): Authorization =>
    one.state === 'sending' ? { ...one, held: amount, amount } : one;
  return { ...before, authorizations: before.authorizations.map(cheaper) };
}

function reverseFirst(before: Settlement): Settlement {
  return { ...before, authorizations: before.authorizations.map((one) => advance(one, 'given-up')) };
}

function askAgain(
  before: Settlement,
  { authorizationId, amount, first: ended }: Extract<SettlementEvent, { kind: 'ask-again' }>,
): Settlement | undefined {
  const [first, second] = before.authorizations;
  if (!first || second) throw new Error(`settlement ${before.settlementId} may not ask again`);
  const gone = advance(first, ended);
  if (LIVE_STATES.includes(gone.state)) return undefined; // Somebody else moved it: never a second hold.
  const { expiresAt } = first;
  const again = { authorizationId, ordinal: 2, state: 'sending', held: amount, amount, expiresAt } as const;
  return { ...before, authorizations: [gone, again] };
}

function grant(before: Settlement, event: Extract<SettlementEvent, { kind: 'grant' }>, now: Date): Change {
  const { amount, coupons, strategy, approval, couponSearch, lines } = event;
  const confirmed = before.terms?.capture === 'immediate' || amount === 0n;
  const sold = lines.map(({ lineId, quantity, amount: price }) => ({ lineId, quantity, amount: price }));
  const settlement: Settlement = {
    ...before,
    state: 'granted',
    confirmed,
    couponSearch,
    grant: { amount, coupons, strategy, ...(approval && { approval }), lines: sold },
    ...(!confirmed && { confirmBy: event.confirmBy }),
    authorizations: before.authorizations.map((one) => granted(one, event)),
  };
  const granting = announceGranted(settlement, lines, now);
  if (!confirmed) return { settlement, announcements: [granting] };
  const final = becomeFinal(settlement, event.creditId, now);
  return { ...final, announcements: [granting, ...final.announcements] };
}

/** Goods may leave, so its card is owed what coupons credit. Undone before, a sale owes nothing. */
function becomeFinal(settlement: Settlement, creditId: string, now: Date): Change {
  const owed = creditOwed(settlement, creditId);
  return owed ? refund(settlement, { refund: owed, discounts: [] }, now) : { settlement, announcements: [] };
}

function granted(
  authorization: Authorization,
  { amount, authorization: event, held = authorization.held }: Grants,
): Authorization {
  if (authorization.state !== 'sending' || !event) return authorization;
  return { ...advance(authorization, event), held, amount: amount < held ? amount : held };
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

/** A part of a refund that is nothing is journalled all the same: from then on its attempt ends with its sale. */
function refund(before: Settlement, given: Return, now: Date): Change {
  const settlement = { ...before, refunds: [...before.refunds, given.refund] };
  const isNothing = before.terms?.continues !== undefined && given.refund.amount === 0n;
  return { settlement, announcements: isNothing ? [] : [announceRefunded(settlement, given, now)] };
}

type Undo = Extract<SettlementEvent, { kind: 'deadline' | 'resolve' | 'void' | 'cancel' }>;

/** Not confirmed: reversed. Confirmed: the queue first finishes the capture, then refunds, so that no reversal races a capture. */
function cancel(before: Settlement, event: Undo, now: Date): Change {
  const keepsCoupons = before.confirmed && event.kind === 'cancel' && event.couponReturn === 'never';
  const undone = before.confirmed ? refundRest(before) : reverseAll(before);
  const settlement = withoutNeedlessRefunds({ ...undone, state: 'cancelled', keepsCoupons });
  const reason =
    event.kind === 'deadline' ? 'confirm-deadline' : event.kind === 'void' ? 'voided' : 'cancelled';
  return { settlement, announcements: [announceRolledBack(settlement, reason, now)] };
}

const reverseAll = (before: Settlement): Settlement => ({
  ...before,
  authorizations: before.authorizations.map(givenUp),
});

const givenUp = (one: Authorization): Authorization =>
  advance(one.state === 'listed' ? unlisted(one) : one, 'given-up');

/** The refund of a cancel has the settlement's own id: there is one. */
function refundRest(before: Settlement): Settlement {
  const rest = planRest(before);
  const refunds = [...before.refunds.map(askedAgain), ...(rest ? [rest] : [])];
  const authorizations = before.authorizations.map((one) => {
    if (one.state !== 'listed') return one;
    // Taken, and its refund was refused: asked once more. Not taken: it is freed instead.
    return one.listedFrom === 'captured' ? back(one) : givenUp(one);
  });
  return { ...before, refunds, authorizations };
}

/** What was never taken needs no giving back. */
export function withoutNeedlessRefunds(settlement: Settlement): Settlement {
  const hasCard = settlement.authorizations.length > 0;
  if (!hasCard || cardAmountOf(settlement) > 0n) return settlement;
  const refunds = settlement.refunds.map((one) =>
    one.state === 'due' ? { ...one, state: 'not-needed' as const } : one,
  );
  return { ...settlement, refunds };
}

/** What was a person's is the queue's again, where it was. */
export function back(listed: Authorization): Authorization {
  return { ...unlisted(listed), state: listed.listedFrom ?? listed.state };
}

export const askedAgain = (refund: Refund): Refund =>
  refund.state === 'listed' ? { ...refund, state: 'due' } : refund;

export function unlisted(authorization: Authorization): Authorization {
  const { authorizationId, ordinal, state, held, amount, expiresAt } = authorization;
  return { authorizationId, ordinal, state, held, amount, expiresAt };
}

/** An attempt granted while the sweeper looked at it has another deadline now. */
function isOverdue(settlement: Settlement, now: Date): boolean {
  const deadline = openUntil(settlement);
  return deadline !== undefined && deadline <= now;
}

const END_OF = {
  deadline: { reason: 'timeout', authorization: 'given-up' },
  resolve: { reason: 'timeout', authorization: 'given-up' },
  void: { reason: 'cancelled', authorization: 'given-up' },
  cancel: { reason: 'cancelled', authorization: 'given-up' },
} as const satisfies Record<string, Pick<Abandons, 'reason' | 'authorization'>>;

const silently = (settlement: Settlement | undefined): Change | undefined =>
  settlement && { settlement, announcements: [] };

function advance(authorization: Authorization, event: AuthorizationEvent): Authorization {
  const state = nextState(authorization.state, event);
  if (state === null) return authorization;
  return state === 'listed' ? listed(authorization, 'reversal refused') : { ...authorization, state };
}

/** Refused for good: a person decides, and may send it back to where it was. */
export function listed(authorization: Authorization, attention: string): Authorization {
  return { ...authorization, state: 'listed', listedFrom: authorization.state, attention };
}

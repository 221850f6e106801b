import type { CloseCaseV1 } from '@couplet/contracts';
import type { z } from 'zod';
import { announceCaptured, announceCredited } from './announcement.ts';
import { LIVE_STATES } from './authorization-table.ts';
import { askedAgain, back, decide, unlisted, withoutNeedlessRefunds, type Change } from './decide.ts';
import type { CouponReturn } from './refund.ts';
import {
  cardAmountOf,
  refundedOnCard,
  type Authorization,
  type Refund,
  type Settlement,
} from './settlement.ts';

export type CaseDecision = z.output<typeof CloseCaseV1.request>['action'];

/** What a person may do about an authorization that needs one. */
export function actionsFor(state: string, mayCancel: boolean): CaseDecision['kind'][] {
  if (state === 'listed') return ['retry', ...(mayCancel ? (['cancel'] as const) : []), 'settled'];
  // At rest, with something to reconcile; or still being asked for, without an answer.
  return AT_REST.has(state) ? ['settled'] : ['retry', ...(mayCancel ? (['cancel'] as const) : []), 'settled'];
}
const AT_REST: ReadonlySet<string> = new Set([
  'reversed',
  'declined',
  'never-sent',
  'refunded',
  'told offline',
]);

/** What a decision may need from outside. */
interface CaseDeps {
  readonly couponReturn: CouponReturn;
  readonly newId: () => string;
  readonly now: Date;
}

/**
 * Does what a person decided.
 *
 * @returns undefined when the case does not allow it
 */
export function closeCase(
  before: Settlement,
  caseId: string,
  action: CaseDecision,
  deps: CaseDeps,
): Change | undefined {
  const authorization = before.authorizations.find((one) => one.authorizationId === caseId);
  if (!authorization) return undefined;
  switch (action.kind) {
    case 'retry':
      return retry(before, authorization, deps);
    case 'cancel':
      return decide(before, { kind: 'cancel', couponReturn: deps.couponReturn }, deps.now);
    case 'settled':
      return settled(before, authorization, action.as, deps.now);
  }
}

/** What was not answered yet is only asked at once, by the same id; what was refused is asked anew. */
function retry(before: Settlement, authorization: Authorization, { newId }: CaseDeps): Change {
  const isListed = authorization.state === 'listed';
  const anew = (one: Refund): Refund =>
    one.state === 'listed' ? { ...askedAgain(one), requestId: newId() } : one;
  const refunds = isListed ? before.refunds.map(anew) : before.refunds;
  const settlement = replaced(
    { ...before, refunds },
    authorization,
    isListed ? back(authorization) : authorization,
  );
  return { settlement, announcements: [] };
}

/** The card network was moved by hand: the journal follows. */
function settled(
  before: Settlement,
  authorization: Authorization,
  as: Extract<CaseDecision, { kind: 'settled' }>['as'],
  now: Date,
): Change | undefined {
  const others = before.authorizations.filter((one) => one !== authorization);
  if (others.some(({ state }) => LIVE_STATES.includes(state))) {
    // Beside the card that pays the sale it has come to nothing, or the shopper pays twice.
    const closed = replaced(before, authorization, unlisted(authorization));
    return as === 'captured' ? undefined : { settlement: closed, announcements: [] };
  }
  const refunds = as === 'refunded' ? before.refunds.map(givenByHand) : before.refunds;
  const after = { ...before, refunds };
  const state = as === 'refunded' && isStillPaid(after) ? 'captured' : as;
  const is = state === authorization.state ? authorization : { ...unlisted(authorization), state };
  const settlement = withoutNeedlessRefunds(replaced(after, authorization, is));
  const isNew = state === 'captured' && !wasTaken(authorization);
  const told = isNew ? [announceCaptured(settlement, is, now)] : [];
  return { settlement, announcements: [...told, ...announceCredited(before, settlement, now)] };
}

const givenByHand = (one: Refund): Refund =>
  one.state === 'due' || one.state === 'listed' ? { ...one, state: 'done' } : one;

/** Part of the sale came back, and the rest stays sold. */
const isStillPaid = (settlement: Settlement): boolean =>
  settlement.refunds.length > 0 && refundedOnCard(settlement) < cardAmountOf(settlement);

/** The world was told that the money was taken. */
function wasTaken({ state, listedFrom = state }: Authorization): boolean {
  return listedFrom === 'captured' || listedFrom === 'remainder' || listedFrom === 'refunded';
}

function replaced(before: Settlement, was: Authorization, is: Authorization): Settlement {
  const authorizations = before.authorizations.map((one) => (one === was ? is : one));
  return { ...before, version: before.version + 1, authorizations };
}

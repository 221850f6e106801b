import type { CloseCaseV1 } from '@couplet/contracts';
import type { z } from 'zod';
import { announceCaptured } from './announcement.ts';
import { askedAgain, back, decide, unlisted, withoutNeedlessRefunds, type Change } from './decide.ts';
import type { CouponReturn } from './refund.ts';
import type { Authorization, Settlement } from './settlement.ts';

export type CaseDecision = z.output<typeof CloseCaseV1.request>['action'];

/** What a person may do about an authorization that needs one. */
export function actionsFor(state: string, settlementState: string): CaseDecision['kind'][] {
  const mayCancel = settlementState === 'granted';
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

/**
 * Does what a person decided.
 *
 * @returns undefined when it changes nothing in the journal; a retry then only asks at once
 */
export function closeCase(
  before: Settlement,
  caseId: string,
  action: CaseDecision,
  couponReturn: CouponReturn,
  now: Date,
): Change | undefined {
  const authorization = before.authorizations.find((one) => one.authorizationId === caseId);
  if (!authorization) return undefined;
  switch (action.kind) {
    case 'retry':
      return authorization.state === 'listed' ? retry(before, authorization) : undefined;
    case 'cancel':
      return decide(before, { kind: 'cancel', couponReturn }, now);
    case 'settled':
      return settled(before, authorization, action.as, now);
  }
}

function retry(before: Settlement, authorization: Authorization): Change {
  const refunds = before.refunds.map(askedAgain);
  return {
    settlement: replaced({ ...before, refunds }, authorization, back(authorization)),
    announcements: [],
  };
}

/** The card network was moved by hand: the journal follows. */
function settled(
  before: Settlement,
  authorization: Authorization,
  as: Extract<CaseDecision, { kind: 'settled' }>['as'],
  now: Date,
): Change {
  const after = { ...unlisted(authorization), state: as };
  const refunds = before.refunds.map((one) =>
    as === 'refunded' && (one.state === 'due' || one.state === 'listed')
      ? { ...one, state: 'done' as const }
      : one,
  );
  const settlement = withoutNeedlessRefunds(replaced({ ...before, refunds }, authorization, after));
  const captured = as === 'captured' && authorization.state !== 'captured';
  return { settlement, announcements: captured ? [announceCaptured(settlement, after, now)] : [] };
}

function replaced(before: Settlement, was: Authorization, is: Authorization): Settlement {
  const authorizations = before.authorizations.map((one) => (one === was ? is : one));
  return { ...before, version: before.version + 1, authorizations };
}

import { v7 as uuidv7 } from 'uuid';
import { askedOf, stepOf } from '../domain/bring-to-rest.ts';
import { openUntil, type Authorization, type Settlement } from '../domain/settlement.ts';
import { couponsWire, linesWire, refundsWire } from './settlement-row.ts';

/** One caller's row of the statement `BEGIN`. */
export function beginRow(started: Settlement): object {
  const { terms, authorizations } = started;
  return {
    settlement_id: started.settlementId,
    relay: started.relay,
    attempt_id: started.attemptId,
    fingerprint: started.fingerprint,
    state: started.state,
    version: started.version,
    deadline_at: started.deadlineAt,
    store_id: terms?.storeId,
    terminal_id: terms?.terminalId,
    presented_at: terms?.presentedAt,
    purpose: terms?.purpose,
    currency: terms?.currency,
    price: terms?.amount,
    capture: terms?.capture,
    decline_reason: started.declineReason,
    continues: terms?.continues,
    decide_by: openUntil(started),
    authorization_id: authorizations[0]?.authorizationId,
    held: authorizations[0]?.held,
  };
}

/** One caller's row of the statement `COMMIT`: of the attempt, what differs. */
export function commitRow(before: Settlement, after: Settlement, rewritten: readonly Rewritten[]): object {
  const { grant, refunds } = after;
  const isNewGrant = grant !== undefined && before.grant === undefined;
  const [openBefore, openAfter] = [openUntil(before), openUntil(after)];
  const isOpenOtherwise = openBefore?.getTime() !== openAfter?.getTime();
  return {
    settlement_id: before.settlementId,
    state_before: before.state,
    version_before: before.version,
    state: after.state,
    confirmed: after.confirmed,
    version: after.version,
    ...(isOpenOtherwise && { decide_by_before: openBefore, decide_by: openAfter }),
    confirm_by: after.confirmBy,
    coupon_search: after.couponSearch,
    decline_reason: after.declineReason,
    ...(grant !== before.grant && grantColumns(grant)),
    ...(isNewGrant && { coupons: couponsWire(grant.coupons), lines: linesWire(grant.lines) }),
    ...(refunds !== before.refunds && { refunds: refundsWire(refunds), refunded: refundedOf(refunds) }),
    ...(after.keepsCoupons && { keeps_coupons: true }),
    authorizations: rewritten.map(authorizationRow),
  };
}

/** An authorization as a commit writes it. */
export interface Rewritten {
  readonly authorization: Authorization;
  /** Of what its state asks of the card network, if anything. */
  readonly requestId: string;
  /** Who asks; absent when there is nothing to ask. */
  readonly queue?: 'taken' | 'due';
}

/** Authorizations whose state changed, or from which the card network is now to hear something else. */
export function rewrittenBy(before: Settlement, after: Settlement): Rewritten[] {
  const known = new Map(before.authorizations.map((one) => [one.authorizationId, one]));
  return after.authorizations
    .filter((one) => {
      const was = known.get(one.authorizationId);
      return was !== one || askedOf(before, one) !== askedOf(after, one);
    })
    .map((authorization) => ({
      authorization,
      requestId: uuidv7(),
      ...(stepOf(after, authorization) !== null && { queue: 'due' }),
    }));
}

/** Money as text: a double would round it. */
export const rowsJson = (rows: readonly object[]): string =>
  JSON.stringify(rows, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value));

function grantColumns(grant: Settlement['grant']): object {
  return {
    amount: grant?.amount,
    strategy: grant?.strategy,
    approval_code: grant?.approval?.approvalCode,
    network_reference: grant?.approval?.networkReference,
    stand_in: grant?.approval?.standIn,
  };
}

function authorizationRow({ authorization, requestId, queue }: Rewritten): object {
  const { authorizationId, ordinal, state, held, amount, expiresAt, attention, listedFrom } = authorization;
  return {
    ...{ authorization_id: authorizationId, ordinal, state, held, amount, expires_at: expiresAt },
    ...{ attention, listed_from: listedFrom, request_id: requestId, queue },
  };
}

const refundedOf = (refunds: Settlement['refunds']): bigint =>
  refunds.reduce((sum, { amount, state }) => sum + (state === 'not-needed' ? 0n : amount), 0n);

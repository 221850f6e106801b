import type { Advice } from '@couplet/contracts';
import type { AuthorizeAnswer } from './authorization.ts';
import type { Action, OfflineSale } from './script.ts';

/** What the simulator, as a relay, tells settlement-relay by `advise`. */
export interface LateAdvice {
  /** Its idempotency key. */
  readonly adviceId: string;
  readonly due: Date;
  readonly advice: Advice;
}

/** The answer says nothing of the stand-in: the advice does. */
export function standInIsAdvised(action: Action | undefined): boolean {
  return action?.kind === 'stand-in' && action.advise;
}

/** What is learned late of an authorize that met this fault. */
export function authorizeAdvice(
  action: Action | undefined,
  answer: AuthorizeAnswer,
  { authorizationId, expiresAt, now }: { authorizationId: string; expiresAt: string; now: Date },
): LateAdvice | undefined {
  if (answer.outcome !== 'approved') return undefined;
  if (standInIsAdvised(action)) {
    return { adviceId: authorizationId, due: now, advice: { kind: 'stand-in-approval', authorizationId } };
  }
  if (action?.kind !== 'delay' || !action.advise) return undefined;
  const due = new Date(now.getTime() + action.delayMs);
  if (due.getTime() <= Date.parse(expiresAt)) return undefined; // The answer itself is in time.
  return {
    adviceId: authorizationId,
    due,
    advice: { kind: 'late-approval', authorizationId, amount: answer.approvedAmount },
  };
}

/** The result of an adjust that was answered pending. */
export function adjustmentAdvice(
  action: Action | undefined,
  outcome: 'done' | 'refused',
  { requestId, authorizationId, now }: { requestId: string; authorizationId: string; now: Date },
): LateAdvice | undefined {
  if (action?.kind !== 'pending' || !action.advise) return undefined;
  const due = new Date(now.getTime() + action.forMs);
  return { adviceId: requestId, due, advice: { kind: 'adjustment', authorizationId, outcome } };
}

/** A sale that a terminal approved by itself; its card stays here. */
export function offlineAdvice(
  sale: OfflineSale,
  approval: { approvalCode: string; networkReference: string },
  now: Date,
): LateAdvice {
  const { attemptId, authorizationId, storeId, terminalId, presentedAt, purpose, currency, amount, lines } =
    sale;
  return {
    adviceId: authorizationId,
    due: now,
    advice: {
      kind: 'offline-approval',
      attemptId,
      authorizationId,
      storeId,
      terminalId,
      presentedAt,
      purpose,
      currency,
      amount,
      lines,
      ...approval,
    },
  };
}

import type { FaultAction, ScriptV1 } from '@couplet/contracts';
import type { z } from 'zod';
import type { Interference } from './follow-up.ts';

type Script = z.output<typeof ScriptV1.request>;
export type Fault = NonNullable<Script['faults']>[number];
export type Action = z.output<typeof FaultAction>;
export type Verb = Fault['verb'];
export type Latency = NonNullable<Script['latencyMs']>;
export type OfflineSale = NonNullable<Script['offlineSales']>[number];

const ANY_VERB = ['silence', 'delay', 'hold-until-seen'] as const;
const FOLLOW_UP = [...ANY_VERB, 'refuse', 'pending'] as const;

/** Which faults the answer of a verb can express. */
const FITTING: Record<Verb, readonly Action['kind'][]> = {
  capabilities: ANY_VERB,
  inspect: ANY_VERB,
  authorize: [...ANY_VERB, 'decline', 'approve-at-most', 'stand-in', 'pending'],
  adjust: FOLLOW_UP,
  reverse: FOLLOW_UP,
  capture: [...FOLLOW_UP, 'keep-rest'],
  refund: FOLLOW_UP,
};

/** What a relay learns late and advises, by the fault that makes it late. */
const ADVISED: Partial<Record<Action['kind'], Verb>> = {
  'stand-in': 'authorize',
  delay: 'authorize',
  pending: 'adjust',
};

interface FieldError {
  field: string;
  detail: string;
}

/** What cannot be played, by its field; empty when all can. */
export function scriptErrors({ faults = [], latencyMs }: Script): FieldError[] {
  const misfits = faults.flatMap(({ verb, action }, index) =>
    actionErrors(verb, action).map(({ field, detail }) => ({
      field: `faults[${index}].action.${field}`,
      detail,
    })),
  );
  const upsideDown = latencyMs && latencyMs.min > latencyMs.max;
  return upsideDown ? [...misfits, { field: 'latencyMs.min', detail: 'must not be above max' }] : misfits;
}

function actionErrors(verb: Verb, action: Action): FieldError[] {
  if (!FITTING[verb].includes(action.kind)) {
    return [{ field: 'kind', detail: `${verb} can only ${FITTING[verb].join(', ')}` }];
  }
  const errors: FieldError[] = [];
  if ('advise' in action && action.advise && ADVISED[action.kind] !== verb) {
    errors.push({ field: 'advise', detail: `with ${action.kind}: only of ${ADVISED[action.kind]}` });
  }
  if (action.kind === 'delay' && action.advise && action.effect === 'last') {
    errors.push({ field: 'effect', detail: 'what expired before its effect is never approved' });
  }
  if (action.kind === 'pending' && action.forMs > 0 && verb === 'authorize') {
    errors.push({ field: 'forMs', detail: 'authorize is pending once' });
  }
  return errors;
}

/** What a fault changes in the decision on an authorize. */
export function authorizeTerms(action: Action | undefined): {
  declineReason?: string;
  amountMax?: bigint;
  standIn: boolean;
} {
  if (action?.kind === 'decline') return { declineReason: action.reason, standIn: false };
  if (action?.kind === 'approve-at-most') return { amountMax: action.amount, standIn: false };
  return { standIn: action?.kind === 'stand-in' };
}

/** What a fault changes in the decision on a follow-up, and for how long its answer is pending. */
export function interferenceOf(action: Action | undefined): Interference & { pendingMs?: number } {
  if (action?.kind === 'refuse') return { refusal: action.reason };
  if (action?.kind === 'keep-rest') return { keepRest: true };
  return action?.kind === 'pending' ? { pendingMs: action.forMs } : {};
}

/** @param random in 0..1, uniform */
export function latencyOf({ min, max }: Latency, random: number): number {
  return min + (max - min) * random;
}

import type { ScriptV1 } from '@couplet/contracts';
import type { z } from 'zod';

type Script = z.output<typeof ScriptV1.request>;
export type Fault = NonNullable<Script['faults']>[number];
export type Action = Fault['action'];
export type Verb = Fault['verb'];
export type Latency = NonNullable<Script['latencyMs']>;

const ANY_VERB = ['silence', 'delay', 'hold-until-seen'] as const;
const FOLLOW_UP = [...ANY_VERB, 'refuse', 'pending'] as const;

/** Which faults the answer of a verb can express. */
const FITTING: Record<Verb, readonly Action['kind'][]> = {
  capabilities: ANY_VERB,
  inspect: ANY_VERB,
  authorize: [...ANY_VERB, 'decline', 'pending'],
  adjust: FOLLOW_UP,
  reverse: FOLLOW_UP,
  capture: FOLLOW_UP,
  refund: FOLLOW_UP,
};

/** What cannot be played, by its field; empty when all can. */
export function scriptErrors({ faults = [], latencyMs }: Script): { field: string; detail: string }[] {
  const misfits = faults.flatMap(({ verb, action }, index) =>
    FITTING[verb].includes(action.kind)
      ? []
      : [{ field: `faults[${index}].action.kind`, detail: `${verb} can only ${FITTING[verb].join(', ')}` }],
  );
  const upsideDown = latencyMs && latencyMs.min > latencyMs.max;
  return upsideDown ? [...misfits, { field: 'latencyMs.min', detail: 'must not be above max' }] : misfits;
}

/** @param random in 0..1, uniform */
export function latencyOf({ min, max }: Latency, random: number): number {
  return min + (max - min) * random;
}

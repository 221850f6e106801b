import type { RegisterHoldersV1 } from '@couplet/contracts';
import type { z } from 'zod';
import { idOf } from './ids.ts';
import { paymentCardOf } from './cards.ts';

export type Holder = z.output<typeof RegisterHoldersV1.request>['holders'][number];

/** Issuer of the households' point cards. */
const POINT_SCHEME = 'grocer';

/** A household as a holder: its demographics, a point card with its number, and a test payment card. */
export function holderOf(householdId: string, attributes: Record<string, string> = {}): Holder {
  return {
    holderId: holderIdOf(householdId),
    attributes,
    media: [pointCardOf(householdId), { kind: 'credit-card', id: paymentCardOf(householdId) }],
  };
}

export function holderIdOf(householdId: string): string {
  return idOf('household', householdId);
}

export function pointCardOf(householdId: string): Holder['media'][number] {
  return { kind: 'point-card', scheme: POINT_SCHEME, id: householdId };
}

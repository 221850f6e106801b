import type { Check } from '../check.ts';
import { AMOUNT_CHECKS } from './amounts.ts';
import { INPUT_CHECKS } from './input.ts';
import { CAPABILITIES_CHECKS } from './instruments.ts';
import { ORDER_CHECKS } from './order.ts';
import { REPEAT_CHECKS } from './repeats.ts';
import { STAND_IN_CHECKS } from './stand-in.ts';
import { TABLE_CHECKS } from './table.ts';

export { INSPECT_CHECKS } from './instruments.ts';

/** After those of `inspect`, by which they are proven. */
export const OTHER_CHECKS: readonly Check[] = [
  ...CAPABILITIES_CHECKS,
  ...TABLE_CHECKS,
  ...AMOUNT_CHECKS,
  ...REPEAT_CHECKS,
  ...ORDER_CHECKS,
  ...STAND_IN_CHECKS,
  ...INPUT_CHECKS,
];

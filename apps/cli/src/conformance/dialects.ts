import type { Dialect } from '@couplet/promotion';
import type { CheckCase } from './case-file.ts';
import { NotExpressible } from './outcome.ts';

/** What the neutral schema means where a case names no rule; why each, in decision 0010. */
const NEUTRAL: Partial<Dialect> = {
  fixedEach: 'line',
  method: 'nearest-then-front',
  zeroWeights: 'even',
  percentHalf: 'down',
  splitBy: 'gross',
};

const NAMED: Readonly<Record<string, Partial<Dialect>>> = {
  fixed_each_per_line: { fixedEach: 'line' },
  fixed_each_per_unit: { fixedEach: 'unit' },
  buyget_free_units_from_highest_line_subtotal_first: { freeUnits: 'highest-subtotal-line' },
  tie_break_last_line_first: { candidateTies: 'back' },
  two_percent_actions_of_one_promotion_add: { percentsOfOneOffer: 'add' },
  round_per_line: { percentRoundedPer: 'line', orderPercentRoundedPer: 'line' },
  round_unit_then_multiply: { percentRoundedPer: 'unit' },
  remainder_to_last_line: { method: 'rest-on-last' },
  zero_weight_gets_zero: { zeroWeights: 'nothing' },
  order_level_discounts_mutually_exclusive_manual_wins: { manualOrder: 'replaces-order-discounts' },
  manual_line_discount_replaces_catalogue: { manualLine: 'replaces-catalogue' },
};

/** The dialect that a case names, over what the schema means without one. */
export function dialectOf({ dialect = [] }: CheckCase): Partial<Dialect> {
  const names = [dialect].flat().flatMap((name) => name.split(/[\s,;+]+/));
  const named = names.map((name) => {
    const options = NAMED[name];
    if (!options) throw new NotExpressible(`dialect ${name} is not known`);
    return options;
  });
  return Object.assign({}, NEUTRAL, ...named) as Partial<Dialect>;
}

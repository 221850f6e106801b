import { DEFAULT_DIALECT, type Dialect } from '@couplet/promotion';
import type { CheckCase } from './case-file.ts';
import { NotExpressible } from './outcome.ts';

/** What a case's own project does where the case names no rule; see decision 0008. */
const HOUSE_RULES: Readonly<Record<string, Partial<Dialect>>> = {
  sylius: { method: 'nearest-then-front', percentRoundedPer: 'unit', percentsOfOneRule: 'add' },
  vendure: { method: 'largest-remainder', zeroWeights: 'even', percentHalf: 'down', splitBy: 'gross' },
};

const NAMED: Readonly<Record<string, Partial<Dialect>>> = {
  fixed_each_per_line: { fixedEach: 'line' },
  fixed_each_per_unit: { fixedEach: 'unit' },
  buyget_free_units_from_highest_line_subtotal_first: { freeUnits: 'highest-subtotal-line' },
  tie_break_last_line_first: { candidateTies: 'back' },
  two_percent_actions_of_one_promotion_add: { percentsOfOneRule: 'add' },
  round_per_line: { percentRoundedPer: 'line', orderPercentRoundedPer: 'line' },
  round_unit_then_multiply: { percentRoundedPer: 'unit' },
  remainder_to_last_line: { method: 'rest-on-last' },
  zero_weight_gets_zero: { zeroWeights: 'nothing' },
  order_level_discounts_mutually_exclusive_manual_wins: { manualOrder: 'replaces-order-discounts' },
  manual_line_discount_replaces_catalogue: { manualLine: 'replaces-catalogue' },
};

/** In the neutral schema 'each' means per line unless the dialect says otherwise. */
export function dialectOf({ dialect = [], source }: CheckCase): Dialect {
  const names = [dialect].flat().flatMap((name) => name.split(/[\s,;+]+/));
  const named = names.map((name) => {
    const options = NAMED[name];
    if (!options) throw new NotExpressible(`dialect ${name} is not known`);
    return options;
  });
  const repository = source?.repo?.toLowerCase() ?? '';
  const house = Object.keys(HOUSE_RULES).filter((project) => repository.includes(project));
  return Object.assign(
    { ...DEFAULT_DIALECT, fixedEach: 'line' },
    ...house.map((project) => HOUSE_RULES[project]),
    ...named,
  ) as Dialect;
}

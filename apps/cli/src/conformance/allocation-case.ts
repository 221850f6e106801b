import { DEFAULT_DIALECT, split, splitWithin } from '@couplet/promotion';
import { z } from 'zod';
import type { CheckCase } from './case-file.ts';
import { dialectOf } from './dialects.ts';
import { parseCase, refuseUnknown } from './parse-case.ts';
import type { Check } from './outcome.ts';

const Whole = z.int().transform(BigInt);
const Case = z.strictObject({
  given: z.strictObject({
    weights: z.array(Whole),
    total: Whole,
    max_share: z.array(Whole).optional(),
  }),
});

export function runAllocation(checkCase: CheckCase): Check[] {
  const { given } = parseCase(Case, checkCase);
  const { weights, total, max_share: maxima } = given;
  const dialect = { ...DEFAULT_DIALECT, ...dialectOf(checkCase) };
  const sign = total < 0n ? -1n : 1n;
  const shares = maxima
    ? splitWithin(total * sign, weights, maxima, dialect).map((share) => share * sign)
    : split(total, weights, dialect);
  const { shares: expected, ...unknown } = checkCase.expected;
  refuseUnknown('expected', unknown);
  return [{ field: 'shares', expected, got: shares.map(Number) }];
}

import { split, splitWithin } from '@couplet/promotion';
import { z } from 'zod';
import type { CheckCase } from './case-file.ts';
import { dialectOf } from './dialects.ts';
import { NotExpressible, type Check } from './outcome.ts';

const Whole = z.int().transform(BigInt);
const Given = z.strictObject({
  weights: z.array(Whole),
  total: Whole,
  max_share: z.array(Whole).optional(),
});

export function runAllocation(checkCase: CheckCase): Check[] {
  const parsed = Given.safeParse(checkCase.given);
  if (!parsed.success) throw new NotExpressible(z.prettifyError(parsed.error).replaceAll('\n', ' '));
  const { weights, total, max_share: maxima } = parsed.data;
  const dialect = dialectOf(checkCase);
  const sign = total < 0n ? -1n : 1n;
  const shares = maxima
    ? splitWithin(total * sign, weights, maxima, dialect).map((share) => share * sign)
    : split(total, weights, dialect);
  return [{ field: 'shares', expected: checkCase.expected.shares, got: shares.map(Number) }];
}

import { runAllocation } from './allocation-case.ts';
import type { CheckCase } from './case-file.ts';
import { runGs1 } from './gs1-case.ts';
import { runLimit } from './limit-case.ts';
import { NotExpressible, show, type Check } from './outcome.ts';
import { runPricing } from './pricing-case.ts';

const RUNNERS: Readonly<Record<string, (checkCase: CheckCase) => Check[]>> = {
  pricing: runPricing,
  allocation: runAllocation,
  gs1: runGs1,
  limit: runLimit,
};

export interface ConformanceReport {
  /** One per case, in the order of the file, then the sum. */
  lines: string[];
  failed: number;
}

/** Runs every case under the dialect it names; none is skipped. */
export function runCases(cases: readonly CheckCase[]): ConformanceReport {
  const counts = { passed: 0, failed: 0, 'not expressible': 0 };
  const lines = cases.map((checkCase) => {
    const { verdict, why } = judge(checkCase);
    counts[verdict]++;
    return why === undefined ? `${checkCase.id} ${verdict}` : `${checkCase.id} ${verdict}: ${why}`;
  });
  const { passed, failed } = counts;
  lines.push(`${passed} passed, ${failed} failed, ${counts['not expressible']} not expressible`);
  return { lines, failed };
}

function judge(checkCase: CheckCase): { verdict: 'passed' | 'failed' | 'not expressible'; why?: string } {
  try {
    const run = RUNNERS[checkCase.kind];
    if (!run) throw new NotExpressible(`the engine has no cases of kind ${checkCase.kind} yet`);
    const different = run(checkCase).filter(({ expected, got }) => show(expected) !== show(got));
    if (different.length === 0) return { verdict: 'passed' };
    const why = different.map(
      ({ field, expected, got }) => `${field}: expected ${show(expected)}, got ${show(got)}`,
    );
    return { verdict: 'failed', why: why.join('; ') };
  } catch (error) {
    if (error instanceof NotExpressible) return { verdict: 'not expressible', why: error.message };
    return { verdict: 'failed', why: `the engine threw ${String(error)}` };
  }
}

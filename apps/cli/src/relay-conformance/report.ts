import type { Result } from './run-checks.ts';

/** One result, for people. */
export function resultLines(result: Result): string[] {
  switch (result.verdict) {
    case 'passed':
      return [`ok    ${result.name}`];
    case 'skipped':
      return [`skip  ${result.name}`, `      because   ${result.because}`];
    case 'failed':
      return [
        `FAIL  ${result.name}`,
        `      rule      ${result.rule}`,
        `      sent      ${result.sent}`,
        `      expected  ${result.expected}`,
        `      got       ${result.got}`,
      ];
  }
}

/** `62 passed, 0 failed, 3 skipped` */
export function summary(results: readonly Result[]): string {
  const count = (verdict: Result['verdict']) => results.filter((result) => result.verdict === verdict).length;
  return `${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`;
}

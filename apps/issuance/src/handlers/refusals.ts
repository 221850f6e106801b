import { ProblemError } from '@couplet/contracts';

/** So many are named in a refusal; the rest is counted. */
const NAMED_MAX = 10;

/** @throws ProblemError `invalid-request` with the first few of the errors, if there are any */
export function refuse(what: string, errors: readonly { field: string; detail: string }[]): void {
  if (errors.length === 0) return;
  const more = errors.length > NAMED_MAX ? `; the first ${NAMED_MAX} of ${errors.length} are listed` : '';
  throw new ProblemError('invalid-request', `${what}${more}`, errors.slice(0, NAMED_MAX));
}

/** `a, b and 3 more` */
export function someOf(names: readonly string[]): string {
  const named = names.slice(0, NAMED_MAX).join(', ');
  return names.length > NAMED_MAX ? `${named} and ${names.length - NAMED_MAX} more` : named;
}

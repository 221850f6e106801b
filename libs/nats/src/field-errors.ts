import type { Problem } from '@couplet/contracts';
import type { z } from 'zod';

type FieldError = NonNullable<Problem['errors']>[number];
type Path = readonly PropertyKey[];

/** What does not fit, by field: `lines[0].amount`; the body itself is `(body)`. Never repeats a value of the body. */
export function fieldErrors(
  body: unknown,
  issues: readonly z.core.$ZodIssue[],
  base: Path = [],
): FieldError[] {
  return issues.flatMap((issue) => {
    const path = [...base, ...issue.path];
    const branch = issue.code === 'invalid_union' ? closestBranch(issue.errors) : undefined;
    if (branch) return fieldErrors(body, branch, path);
    return [{ field: fieldName(path), detail: isMissing(body, path) ? 'is missing' : issue.message }];
  });
}

/** Of the alternatives of a union, the one with the least to correct. */
function closestBranch(
  branches: readonly (readonly z.core.$ZodIssue[])[],
): readonly z.core.$ZodIssue[] | undefined {
  return [...branches].filter((branch) => branch.length > 0).sort((a, b) => a.length - b.length)[0];
}

function fieldName(path: Path): string {
  if (path.length === 0) return '(body)';
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index > 0 ? '.' : ''}${String(part)}`))
    .join('');
}

function isMissing(body: unknown, path: Path): boolean {
  let value = body;
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return false;
    value = (value as Record<PropertyKey, unknown>)[part];
  }
  return value === undefined;
}

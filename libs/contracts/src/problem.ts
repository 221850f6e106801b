import { z } from 'zod';

/**
 * Every failure a request may be answered with (RFC 9457). `status` follows HTTP; `retryable` says whether the same
 * request, unchanged, may succeed later.
 */
export const PROBLEMS = {
  'malformed-json': { status: 400, title: 'The body is not JSON', retryable: false },
  'invalid-request': { status: 422, title: 'The request does not fit its schema', retryable: false },
  'unknown-request': { status: 404, title: 'No such request or version', retryable: false },
  'caller-not-allowed': { status: 403, title: 'This caller may not ask this', retryable: false },
  'not-found': { status: 404, title: 'No such thing', retryable: false },
  conflict: { status: 409, title: 'It is not in a state that allows this', retryable: false },
  'attempt-conflict': { status: 409, title: 'This id was used before, with another body', retryable: false },
  'attempt-in-progress': { status: 409, title: 'This attempt is still running', retryable: true },
  'rate-limited': { status: 429, title: 'Too many attempts', retryable: true },
  overloaded: { status: 503, title: 'Too many requests at once', retryable: true },
  'deadline-exceeded': { status: 504, title: 'No answer within the deadline', retryable: true },
  unavailable: { status: 503, title: 'A part that is needed cannot be reached', retryable: true },
  internal: { status: 500, title: 'A fault of ours', retryable: true },
} as const satisfies Record<string, { status: number; title: string; retryable: boolean }>;

export type ProblemCode = keyof typeof PROBLEMS;

export const Problem = z.object({
  type: z.string().describe('`urn:couplet:problem:<code>`'),
  title: z.string(),
  status: z.int(),
  code: z.enum(Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]]),
  detail: z.string().describe('What was wrong and what to do; never holds a card number or a secret.'),
  retryable: z.boolean(),
  traceId: z.string().describe('Finds this failure in the logs.'),
  errors: z
    .array(
      z.object({
        field: z.string().describe('Path in the body, such as `lines[0].amount`.'),
        detail: z.string(),
      }),
    )
    .optional(),
});
export type Problem = z.output<typeof Problem>;

/** A failure that callers may react to; the transport answers it as a {@link Problem}. Everything else is a bug: `internal`. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  constructor(
    readonly code: ProblemCode,
    detail: string,
    readonly errors?: Problem['errors'],
    options?: ErrorOptions,
  ) {
    super(detail, options);
  }
}

export function problemOf(error: ProblemError, traceId: string): Problem {
  const { status, title, retryable } = PROBLEMS[error.code];
  const type = `urn:couplet:problem:${error.code}`;
  const problem = { type, title, status, code: error.code, detail: error.message, retryable, traceId };
  return error.errors ? { ...problem, errors: error.errors } : problem;
}

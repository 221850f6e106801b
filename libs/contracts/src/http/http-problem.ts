import { z } from 'zod';
import { Problem, PROBLEMS, type ProblemError, problemOf } from '../problem.ts';

/** What only HTTP can refuse, beside {@link PROBLEMS}. */
const EDGE_PROBLEMS = {
  'idempotency-key-missing': {
    status: 400,
    title: 'The header Idempotency-Key is missing',
    retryable: false,
  },
  'malformed-request': {
    status: 400,
    title: 'This is not a request of HTTP as we speak it',
    retryable: false,
  },
  unauthenticated: { status: 401, title: 'Nobody is signed in', retryable: false },
  'request-timeout': { status: 408, title: 'The request came too slowly', retryable: true },
  'payload-too-large': { status: 413, title: 'The body is too large', retryable: false },
  'unsupported-media-type': { status: 415, title: 'The body must be JSON', retryable: false },
  'idempotency-key-reused': { status: 422, title: 'This key was used for something else', retryable: false },
} as const;

export const HTTP_PROBLEMS = { ...PROBLEMS, ...EDGE_PROBLEMS };
export type HttpProblemCode = keyof typeof HTTP_PROBLEMS;

/** RFC 9457, sent as `application/problem+json`. */
export const HttpProblem = Problem.extend({
  code: z.enum(Object.keys(HTTP_PROBLEMS) as [HttpProblemCode, ...HttpProblemCode[]]),
});
export type HttpProblem = z.output<typeof HttpProblem>;

/** A refusal of the edge. What a service refuses is a {@link ProblemError}. */
export class HttpProblemError extends Error {
  override readonly name = 'HttpProblemError';
  /** @param retryAfterSeconds when to try again, for the header Retry-After */
  constructor(
    readonly code: HttpProblemCode,
    detail: string,
    readonly retryAfterSeconds?: number,
    readonly errors?: HttpProblem['errors'],
  ) {
    super(detail);
  }
}

export function httpProblemOf(error: HttpProblemError | ProblemError, traceId: string): HttpProblem {
  if (!(error instanceof HttpProblemError)) return problemOf(error, traceId);
  const { status, title, retryable } = HTTP_PROBLEMS[error.code];
  return {
    type: `urn:couplet:problem:${error.code}`,
    title,
    status,
    code: error.code,
    detail: error.message,
    retryable,
    traceId,
    ...(error.errors && { errors: error.errors }),
  };
}

import {
  HTTP_PROBLEMS,
  type HttpProblem,
  type HttpProblemCode,
  HttpProblemError,
  httpProblemOf,
  ProblemError,
} from '@couplet/contracts';
import { fieldErrors, NoResponders, RequestTimeout } from '@couplet/nats';
import { HttpException } from '@nestjs/common';
import type { z } from 'zod';

export interface Refusal {
  readonly problem: HttpProblem;
  readonly retryAfterSeconds?: number | undefined;
  /** Nobody foresaw it: it belongs in the log. */
  readonly unforeseen: boolean;
}

/** Waiting a second is enough for whatever passes: a restart, a full queue, an attempt that is still running. */
const RETRY_AFTER_SECONDS = 1;

const BY_STATUS: Readonly<Record<number, HttpProblemCode>> = {
  403: 'caller-not-allowed',
  404: 'unknown-request',
  405: 'unknown-request',
  408: 'request-timeout',
  413: 'payload-too-large',
  414: 'malformed-request',
  415: 'unsupported-media-type',
  429: 'rate-limited',
  503: 'overloaded',
};

/** Fastify's own refusals, by its codes where the status alone does not tell. */
const BY_FASTIFY_CODE: Readonly<Record<string, HttpProblemCode>> = {
  FST_ERR_CTP_EMPTY_JSON_BODY: 'malformed-json',
  FST_ERR_CTP_INVALID_JSON_BODY: 'malformed-json',
};

/** Whatever went wrong, as the client is told: never a stack, never a value of the request. */
export function refusalOf(error: unknown, traceId: string): Refusal {
  const known = knownRefusal(error);
  const refusal =
    known ??
    new HttpProblemError('internal', 'something of ours is broken; the log has it under this traceId');
  const { retryable } = HTTP_PROBLEMS[refusal.code];
  const given = refusal instanceof HttpProblemError ? refusal.retryAfterSeconds : undefined;
  return {
    problem: httpProblemOf(refusal, traceId),
    retryAfterSeconds: given ?? (retryable && refusal.code !== 'internal' ? RETRY_AFTER_SECONDS : undefined),
    unforeseen: !known,
  };
}

function knownRefusal(error: unknown): HttpProblemError | ProblemError | undefined {
  if (error instanceof HttpProblemError) return error;
  if (error instanceof ProblemError) return asHttp(error);
  if (error instanceof NoResponders)
    return new HttpProblemError('unavailable', 'the service behind this is not there; nothing was done');
  if (error instanceof RequestTimeout)
    return new HttpProblemError(
      'deadline-exceeded',
      'no answer in time; it may still have been done. Repeat it unchanged until it is answered',
    );
  return ofFramework(error);
}

/** What a service calls an attempt with another body is, over HTTP, a key that was used before. */
function asHttp(error: ProblemError): HttpProblemError | ProblemError {
  return error.code === 'attempt-conflict'
    ? new HttpProblemError(
        'idempotency-key-reused',
        'this key was used with another body: a new thing needs a new key',
      )
    : error;
}

function ofFramework(error: unknown): HttpProblemError | undefined {
  if (!(error instanceof Error)) return undefined;
  const { statusCode, code } = error as { statusCode?: number; code?: string };
  const status = error instanceof HttpException ? error.getStatus() : statusCode;
  if (status === undefined || status === 500) return undefined;
  const problem = BY_FASTIFY_CODE[code ?? ''] ?? BY_STATUS[status];
  if (problem) return new HttpProblemError(problem, HTTP_PROBLEMS[problem].title);
  if (error instanceof SyntaxError) return new HttpProblemError('malformed-json', 'the body is not JSON');
  return status < 500 ? new HttpProblemError('malformed-request', error.message) : undefined;
}

/** @throws HttpProblemError `invalid-request`, with every field that is wrong */
export function validBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const errors = fieldErrors(body, parsed.error.issues);
  const detail = errors
    .map(({ field, detail: what }) => `${field}: ${what}`)
    .slice(0, 3)
    .join('; ');
  throw new HttpProblemError('invalid-request', detail, undefined, errors);
}

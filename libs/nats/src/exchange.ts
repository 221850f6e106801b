import { PROBLEMS, problemOf, type ProblemError } from '@couplet/contracts';
import { headers, type Msg } from '@nats-io/transport-node';
import type { RequestContext } from './contexts.ts';
import type { Expiring } from './deadlines.ts';
import { RETRY_AFTER_HEADER } from './headers.ts';
import { traceIdOf } from './trace-context.ts';

/** One request and its one answer: whichever comes first, the handler's or the deadline's. */
export class Exchange implements RequestContext, Expiring {
  readonly traceId: string;
  readonly startedAt = performance.now();
  readonly expiresAt: number;
  private controller: AbortController | undefined;
  private expired = false;
  private done = false;
  private problem: ProblemError | undefined;

  constructor(
    readonly message: Msg,
    readonly caller: string,
    readonly traceparent: string,
    timeoutMs: number,
    private readonly onExpired: (exchange: Exchange) => void,
  ) {
    this.traceId = traceIdOf(traceparent);
    this.expiresAt = this.startedAt + timeoutMs;
  }

  get signal(): AbortSignal {
    if (!this.controller) {
      this.controller = new AbortController();
      if (this.expired) this.controller.abort();
    }
    return this.controller.signal;
  }

  get answered(): boolean {
    return this.done;
  }

  /** What it was answered, when that was a problem. */
  get failure(): ProblemError | undefined {
    return this.problem;
  }

  expire(): void {
    this.expired = true;
    this.controller?.abort();
    this.onExpired(this);
  }

  reply(json: string): void {
    if (this.done) return;
    this.message.respond(json);
    this.done = true;
  }

  /** Answers as the service protocol of NATS does, with a problem (RFC 9457) as the body. */
  fail(error: ProblemError): void {
    if (this.done) return;
    this.problem = error;
    const { status, title } = PROBLEMS[error.code];
    const carried = headers();
    carried.append('Nats-Service-Error', title);
    carried.append('Nats-Service-Error-Code', String(status));
    if (error.code === 'overloaded') carried.append(RETRY_AFTER_HEADER, '1');
    this.message.respond(JSON.stringify(problemOf(error, this.traceId)), { headers: carried });
    this.done = true;
  }
}

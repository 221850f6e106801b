import {
  compiled,
  mayCall,
  ProblemError,
  wireOf,
  type NetworkContract,
  type RequestContract,
} from '@couplet/contracts';
import type { LoggerService } from '@nestjs/common';
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import { Admission } from './admission.ts';
import type { RequestContext } from './contexts.ts';
import { Deadlines } from './deadlines.ts';
import type { EndpointStats } from './endpoint-stats.ts';
import { Exchange } from './exchange.ts';
import { fieldErrors } from './field-errors.ts';
import { TIMEOUT_HEADER, TRACEPARENT_HEADER } from './headers.ts';
import { traceparentOf } from './trace-context.ts';
import { SERVER_ANSWERS_MS, within } from './within.ts';

export interface RequestLimits {
  /** Handlers running at once in this process. */
  readonly concurrent: number;
  /** Requests that may wait for a handler; one more is answered `overloaded`. */
  readonly queued: number;
  /** For a request that names no timeout. */
  readonly defaultTimeoutMs: number;
  /** However long a caller offers to wait. */
  readonly maxTimeoutMs: number;
}

export const REQUEST_LIMITS: RequestLimits = {
  concurrent: 256,
  queued: 1_024,
  defaultTimeoutMs: 30_000,
  maxTimeoutMs: 300_000,
};

export interface Route {
  readonly contract: RequestContract | NetworkContract;
  readonly stats: EndpointStats;
  handle(body: unknown, context: RequestContext): Promise<unknown>;
}

/** Answers the requests of one service, and of the relay that it may be as well. */
export class RequestServer {
  private readonly admission: Admission;
  private readonly deadlines = new Deadlines();
  private readonly subscriptions: Subscription[] = [];

  /** @param routes by subject: a request's without its last token, the caller; a network request's whole */
  constructor(
    private readonly connection: NatsConnection,
    private readonly routes: ReadonlyMap<string, Route>,
    private readonly logger: LoggerService,
    private readonly limits: RequestLimits = REQUEST_LIMITS,
  ) {
    this.admission = new Admission(limits);
  }

  /** All replicas of a service share its queue group, so each request reaches one of them. */
  listen(service: string, relay?: string): void {
    this.subscribe(`couplet.request.${service}.*.*.*`, service, (message) => {
      const end = message.subject.lastIndexOf('.');
      this.onMessage(message, message.subject.slice(0, end), message.subject.slice(end + 1));
    });
    if (relay === undefined) return;
    this.subscribe(`couplet.network.${relay}.*.*`, service, (message) =>
      this.onMessage(message, message.subject, relay),
    );
  }

  /** Takes no more requests, and answers those it has; after `graceMs` the rest are answered `deadline-exceeded`. */
  async drain(graceMs: number): Promise<void> {
    const drained = Promise.all(this.subscriptions.map((subscription) => subscription.drain()));
    await within(SERVER_ANSWERS_MS, drained);
    await within(graceMs, this.admission.whenIdle());
    this.deadlines.expireAll();
  }

  private subscribe(subject: string, queue: string, onMessage: (message: Msg) => void): void {
    const callback = (error: Error | null, message: Msg): void => {
      if (error) this.logger.error({ msg: 'subscription refused', subject, error });
      else onMessage(message);
    };
    this.subscriptions.push(this.connection.subscribe(subject, { queue, callback }));
  }

  private onMessage(message: Msg, key: string, caller: string): void {
    const route = this.routes.get(key);
    if (!message.reply) {
      route?.stats.countWithoutReply(); // Nobody waits for an answer, so it is no request.
      return;
    }
    const exchange = this.exchangeOf(message, caller);
    if (!route) return this.refuse(exchange, unknownRequest(key, this.routes));
    const refusal = refusalOf(exchange, route.contract);
    if (refusal) return this.refuse(exchange, refusal, route);

    this.deadlines.add(exchange);
    if (this.admission.admit(() => this.answer(exchange, route))) return;
    this.deadlines.delete(exchange);
    this.refuse(
      exchange,
      new ProblemError('overloaded', 'too many requests at once; ask again in a second'),
      route,
    );
  }

  private exchangeOf(message: Msg, caller: string): Exchange {
    const asked = Number(message.headers?.get(TIMEOUT_HEADER) || this.limits.defaultTimeoutMs);
    const timeoutMs = asked > 0 ? Math.min(asked, this.limits.maxTimeoutMs) : this.limits.defaultTimeoutMs;
    const traceparent = traceparentOf(message.headers?.get(TRACEPARENT_HEADER));
    return new Exchange(message, caller, traceparent, timeoutMs, (late) =>
      this.fail(
        late,
        new ProblemError('deadline-exceeded', `not finished within ${timeoutMs} ms; it may yet be`),
      ),
    );
  }

  private async answer(exchange: Exchange, route: Route): Promise<void> {
    try {
      if (exchange.answered) return; // Its deadline came while it waited its turn.
      const body = decode(route.contract, exchange.message);
      const result = await route.handle(body, exchange);
      exchange.reply(wireOf(route.contract.reply, result));
    } catch (error) {
      this.fail(exchange, error instanceof ProblemError ? error : this.unforeseen(exchange, error));
    } finally {
      this.deadlines.delete(exchange);
      route.stats.count(exchange.startedAt, exchange.failure);
    }
  }

  /** The caller learns only where to look it up: an unforeseen error may hold anything. */
  private unforeseen({ message, caller, traceId }: Exchange, error: unknown): ProblemError {
    this.logger.error({ msg: 'request failed', subject: message.subject, caller, traceId, error });
    return new ProblemError('internal', 'something failed here; it was logged under the traceId');
  }

  private refuse(exchange: Exchange, problem: ProblemError, route?: Route): void {
    this.fail(exchange, problem);
    route?.stats.count(exchange.startedAt, problem);
  }

  private fail(exchange: Exchange, problem: ProblemError): void {
    try {
      exchange.fail(problem);
    } catch (error) {
      // The connection closed under it, so the caller will hear nothing: to him it is unknown.
      this.logger.warn({ msg: 'could not answer', traceId: exchange.traceId, code: problem.code, error });
    }
  }
}

function refusalOf(
  { message, caller }: Exchange,
  contract: RequestContract | NetworkContract,
): ProblemError | undefined {
  if (contract.kind === 'request' && !mayCall(contract, caller)) {
    return new ProblemError('caller-not-allowed', `${caller} may not ask ${contract.subject}`);
  }
  const asked = message.headers?.get(TIMEOUT_HEADER);
  if (!asked || /^[1-9]\d{0,8}$/.test(asked)) return undefined;
  const errors = [{ field: `header ${TIMEOUT_HEADER}`, detail: 'must be a whole number of milliseconds' }];
  return new ProblemError('invalid-request', `the header ${TIMEOUT_HEADER} is not a timeout`, errors);
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

function decode(contract: RequestContract | NetworkContract, message: Msg): unknown {
  const body = parseJson(message.data);
  const parsed = compiled(contract.request).safeParse(body);
  if (parsed.success) return parsed.data;
  const errors = fieldErrors(body, parsed.error.issues);
  const fields = errors.map(({ field }) => field).join(', ');
  throw new ProblemError('invalid-request', `does not fit the schema: ${fields}`, errors);
}

function parseJson(data: Uint8Array): unknown {
  try {
    return JSON.parse(UTF8.decode(data));
  } catch (error) {
    throw new ProblemError('malformed-json', 'the body must be JSON in UTF-8', undefined, { cause: error });
  }
}

/** Tells which versions there are of the verb, or else which verbs there are. */
function unknownRequest(key: string, routes: ReadonlyMap<string, Route>): ProblemError {
  const verb = key.slice(0, key.lastIndexOf('.'));
  const versions = [...routes.keys()].filter((known) => known.slice(0, known.lastIndexOf('.')) === verb);
  const detail =
    versions.length > 0
      ? `${key} is not answered here; versions of it: ${versions.map((known) => known.slice(verb.length + 1)).join(', ')}`
      : `${key} is not answered here; there are ${[...routes.keys()].join(', ') || 'none'}`;
  return new ProblemError('unknown-request', detail);
}

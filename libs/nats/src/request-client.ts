import {
  compiled,
  networkSubject,
  Problem,
  ProblemError,
  requestSubject,
  wireOf,
  type NetworkContract,
  type RequestContract,
} from '@couplet/contracts';
import { headers, type Msg, type NatsConnection } from '@nats-io/transport-node';
import type { z } from 'zod';
import { TIMEOUT_HEADER, TRACEPARENT_HEADER } from './headers.ts';
import { ReplyInbox } from './reply-inbox.ts';
import { NoResponders, RequestTimeout } from './request-errors.ts';
import { traceparentOf } from './trace-context.ts';

export interface AskOptions {
  readonly timeoutMs: number;
  readonly traceparent?: string | undefined;
}

/**
 * Asks services and card networks by contract.
 *
 * Every method rejects with {@link ProblemError} (the other side said no; after `internal` the effect is unknown),
 * {@link NoResponders} (never delivered) or {@link RequestTimeout} (unknown, also when the other side ran out of time), and
 * with a `ZodError` when the body (nothing was sent) or the reply (unknown) does not fit the contract.
 */
export class RequestClient {
  private readonly inbox: ReplyInbox;

  /**
   * @param caller the connection's principal or relay; NATS permissions bind it to the credential
   * @param inbox whose inbox the connection may read, when it may ask as somebody else, too
   */
  constructor(
    connection: NatsConnection,
    readonly caller: string,
    inbox = caller,
  ) {
    this.inbox = new ReplyInbox(connection, inbox);
  }

  request<Request extends z.ZodType, Reply extends z.ZodType>(
    contract: RequestContract<Request, Reply>,
    body: z.output<Request>,
    options: AskOptions,
  ): Promise<z.output<Reply>> {
    return this.ask(requestSubject(contract, this.caller), contract, body, options);
  }

  /** Asks the card network behind `relay`. */
  network<Request extends z.ZodType, Reply extends z.ZodType>(
    contract: NetworkContract<Request, Reply>,
    relay: string,
    body: z.output<Request>,
    options: AskOptions,
  ): Promise<z.output<Reply>> {
    return this.ask(networkSubject(contract, relay), contract, body, options);
  }

  private async ask<Request extends z.ZodType, Reply extends z.ZodType>(
    subject: string,
    contract: { readonly request: Request; readonly reply: Reply },
    body: z.output<Request>,
    { timeoutMs, traceparent }: AskOptions,
  ): Promise<z.output<Reply>> {
    const payload = wireOf(contract.request, body);
    const sent = headers();
    sent.append(TIMEOUT_HEADER, String(Math.max(1, Math.ceil(timeoutMs))));
    sent.append(TRACEPARENT_HEADER, traceparentOf(traceparent));

    const reply = await this.inbox.ask(subject, payload, sent, timeoutMs);
    if (reply === 'no-responders') throw new NoResponders(subject);
    if (reply === 'timeout' || reply === 'closed') throw new RequestTimeout(subject, timeoutMs);
    if (reply.headers?.has('Nats-Service-Error-Code')) {
      const problem = problemIn(reply);
      throw problem.code === 'deadline-exceeded' ? new RequestTimeout(subject, timeoutMs) : problem;
    }
    return compiled(contract.reply).parse(JSON.parse(reply.string()));
  }
}

/** Answers that fail without a problem body come from responders that are not ours. */
function problemIn(reply: Msg): ProblemError {
  const parsed = Problem.safeParse(jsonOrUndefined(reply));
  if (parsed.success) return new ProblemError(parsed.data.code, parsed.data.detail, parsed.data.errors);
  return new ProblemError('internal', reply.headers?.get('Nats-Service-Error') ?? 'failed without a reason');
}

function jsonOrUndefined(reply: Msg): unknown {
  try {
    return reply.json();
  } catch {
    return undefined;
  }
}

import { type NetworkContract, networkSubject, Problem } from '@couplet/contracts';
import { headers, type NatsConnection, RequestError } from '@nats-io/transport-node';

/** What came back. `nobody`: the subject has no listener. */
export type Answer =
  | { readonly kind: 'reply' | 'unreadable'; readonly text: string }
  | { readonly kind: 'problem'; readonly code: string; readonly text: string }
  | { readonly kind: 'silence' }
  | { readonly kind: 'nobody' };

/** The relay under test, asked as settlement-relay asks it. */
export class Wire {
  constructor(
    private readonly connection: NatsConnection,
    readonly relay: string,
    private readonly timeoutMs: number,
  ) {}

  ask(contract: NetworkContract, body: unknown): Promise<Answer> {
    return this.send(networkSubject(contract, this.relay), JSON.stringify(body));
  }

  /** @param payload sent as it is */
  async send(subject: string, payload: string): Promise<Answer> {
    const carried = headers();
    carried.set('Couplet-Timeout-Ms', String(this.timeoutMs));
    try {
      const message = await this.connection.request(subject, payload, {
        timeout: this.timeoutMs,
        headers: carried,
      });
      return answerOf(message.string(), message.headers?.has('Nats-Service-Error-Code') === true);
    } catch (error) {
      if (error instanceof RequestError && error.isNoResponders()) return { kind: 'nobody' };
      if (error instanceof Error && /timeout/i.test(`${error.name} ${error.message}`))
        return { kind: 'silence' };
      throw error;
    }
  }
}

function answerOf(text: string, failed: boolean): Answer {
  const body = parsed(text);
  if (!failed) return { kind: body === undefined ? 'unreadable' : 'reply', text };
  const problem = Problem.safeParse(body);
  return problem.success ? { kind: 'problem', code: problem.data.code, text } : { kind: 'unreadable', text };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

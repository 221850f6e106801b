import { inboxPrefix } from '@couplet/contracts';
import {
  createInbox,
  type Msg,
  type MsgHdrs,
  type NatsConnection,
  type Payload,
} from '@nats-io/transport-node';
import { Deadlines, type Expiring } from './deadlines.ts';

/** Why no reply came. */
export type NoReply = 'no-responders' | 'timeout' | 'closed';

/**
 * One subscription for all replies of a client, and a map of who waits for which. The library's own `request()` builds
 * two error objects and a timer for each request, which costs more than everything else in a request together.
 */
export class ReplyInbox {
  private readonly waiting = new Map<string, Waiting>();
  private readonly deadlines = new Deadlines();
  private readonly prefix: string;
  private sequence = 0;
  private closed = false;

  constructor(
    private readonly connection: NatsConnection,
    name: string,
  ) {
    this.prefix = createInbox(inboxPrefix(name));
    connection.subscribe(`${this.prefix}.*`, { callback: (error, message) => this.onReply(error, message) });
    void connection.closed().then(() => this.close());
  }

  get pending(): number {
    return this.waiting.size;
  }

  /** Publishes and waits for the one reply to it. */
  ask(subject: string, payload: Payload, headers: MsgHdrs, timeoutMs: number): Promise<Msg | NoReply> {
    if (this.closed) return Promise.resolve('closed');
    return new Promise((resolve) => {
      const token = (++this.sequence).toString(36);
      const waiting = new Waiting(performance.now() + timeoutMs, resolve, () => this.waiting.delete(token));
      this.connection.publish(subject, payload, { reply: `${this.prefix}.${token}`, headers });
      this.waiting.set(token, waiting);
      this.deadlines.add(waiting);
    });
  }

  private onReply(error: Error | null, message: Msg): void {
    if (error) return; // The subscription was refused: status 'error' says so, and requests time out.
    const token = message.subject.slice(this.prefix.length + 1);
    const waiting = this.waiting.get(token);
    if (!waiting) return; // The reply came after its deadline.
    this.waiting.delete(token);
    this.deadlines.delete(waiting);
    waiting.resolve(isNoResponders(message) ? 'no-responders' : message);
  }

  private close(): void {
    this.closed = true;
    for (const waiting of this.waiting.values()) {
      this.deadlines.delete(waiting);
      waiting.resolve('closed');
    }
    this.waiting.clear();
  }
}

class Waiting implements Expiring {
  constructor(
    readonly expiresAt: number,
    readonly resolve: (reply: Msg | NoReply) => void,
    private readonly forget: () => void,
  ) {}

  expire(): void {
    this.forget();
    this.resolve('timeout');
  }
}

function isNoResponders(message: Msg): boolean {
  return message.data.length === 0 && message.headers?.code === 503;
}

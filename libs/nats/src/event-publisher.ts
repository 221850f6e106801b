import type { JsMsg } from '@nats-io/jetstream';
import { headers, type MsgHdrs, type NatsConnection, type Payload } from '@nats-io/transport-node';
import { MESSAGE_ID_HEADER } from './headers.ts';
import { cloudEventHeaders } from './cloud-event.ts';
import { ReplyInbox } from './reply-inbox.ts';
import { NoResponders, RequestTimeout } from './request-errors.ts';

export interface OutgoingEvent {
  /** UUIDv7; JetStream drops a second message of the same id within the stream's duplicate window. */
  readonly id: string;
  readonly subject: string;
  /** CloudEvents `source`: the publishing service. */
  readonly source: string;
  /** RFC 3339: when it happened. */
  readonly time: string;
  readonly traceparent?: string | undefined;
  /** JSON, already encoded by the contract. */
  readonly body: string;
}

/** JetStream refused the event: the stream is full, say. */
export class PublishRefused extends Error {
  override readonly name = 'PublishRefused';
}

/** Publishes to JetStream and waits until the stream has the event. Retrying is the outbox's business. */
export class EventPublisher {
  private readonly inbox: ReplyInbox;

  constructor(
    connection: NatsConnection,
    name: string,
    private readonly timeoutMs = 5_000,
  ) {
    this.inbox = new ReplyInbox(connection, name);
  }

  /**
   * @returns whether the stream had it already, which is success
   * @throws NoResponders when no stream binds the subject, RequestTimeout when it is unknown whether the event was
   *   stored, PublishRefused when the stream says no
   */
  async publish(event: OutgoingEvent): Promise<{ duplicate: boolean }> {
    const sent = cloudEventHeaders(event);
    sent.append(MESSAGE_ID_HEADER, event.id);
    return this.store(event.subject, event.body, sent);
  }

  /**
   * Stores a copy of a message that could not be processed, as it came, with the reason and where it came from. Buried
   * by two replicas at once it is stored once.
   */
  async bury(subject: string, message: JsMsg, reason: string): Promise<void> {
    const { stream, consumer, streamSequence, deliveryCount } = message.info;
    const sent = headers();
    for (const [name, values] of message.headers ?? []) {
      if (!name.startsWith('Nats-')) for (const value of values) sent.append(name, value);
    }
    sent.set('Couplet-Dead-Letter-Reason', reason.replace(/[^\x20-\x7e]/g, '?').slice(0, 1_000));
    sent.set('Couplet-Dead-Letter-Stream', stream);
    sent.set('Couplet-Dead-Letter-Sequence', String(streamSequence));
    sent.set('Couplet-Dead-Letter-Deliveries', String(deliveryCount));
    sent.set(MESSAGE_ID_HEADER, `${consumer}:${stream}:${streamSequence}:${message.timestampNanos}`);
    await this.store(subject, message.data, sent);
  }

  private async store(subject: string, body: Payload, sent: MsgHdrs): Promise<{ duplicate: boolean }> {
    const reply = await this.inbox.ask(subject, body, sent, this.timeoutMs);
    if (reply === 'no-responders') throw new NoResponders(subject);
    if (reply === 'timeout' || reply === 'closed') throw new RequestTimeout(subject, this.timeoutMs);
    const ack = reply.json<{ error?: { description: string }; duplicate?: boolean }>();
    if (ack.error) throw new PublishRefused(`${subject}: ${ack.error.description}`);
    return { duplicate: ack.duplicate === true };
  }
}

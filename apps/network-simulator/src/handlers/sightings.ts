import { ProblemError } from '@couplet/contracts';
import type { NatsConnection, Subscription } from '@nats-io/transport-node';

/** Watches subjects for faults that hold an answer until a message was seen: the nth use waits for the nth message. */
export class Sightings {
  private connection: Promise<NatsConnection> | undefined;
  private readonly watched = new Map<string, Watch>();

  /** @param connect opens the connection at the first need; most simulators never watch */
  constructor(private readonly connect: () => Promise<NatsConnection>) {}

  /**
   * Watches for these faults, and for no others. Resolves when the server has the subscriptions: a message published
   * after that is seen.
   *
   * @throws ProblemError when this service may not subscribe
   */
  async watch(faults: readonly { id: string; subject: string }[]): Promise<void> {
    for (const [id, { subscription }] of this.watched) {
      subscription.unsubscribe();
      this.watched.delete(id);
    }
    if (faults.length === 0) return;
    const connection = await (this.connection ??= this.connect());
    for (const { id, subject } of faults) this.watched.set(id, new Watch(connection, subject));
    await connection.flush();
    for (const { subscription, refused } of this.watched.values()) {
      if (!refused) continue;
      throw new ProblemError(
        'conflict',
        `network-simulator may not subscribe to ${subscription.getSubject()}`,
      );
    }
  }

  /** Resolves with the next message that no other use of this fault waits for, or at once if it is here already. */
  async seen(faultId: string, signal: AbortSignal): Promise<void> {
    await this.watched.get(faultId)?.next(signal);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await (await this.connection)?.close();
  }
}

class Watch {
  readonly subscription: Subscription;
  refused = false;
  private messages = 0;
  private uses = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(connection: NatsConnection, subject: string) {
    this.subscription = connection.subscribe(subject, {
      callback: (error) => {
        if (error) this.refused = true;
        else this.onMessage();
      },
    });
  }

  next(signal: AbortSignal): Promise<void> {
    this.uses += 1;
    if (this.uses <= this.messages || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      signal.addEventListener('abort', () => resolve());
    });
  }

  private onMessage(): void {
    this.messages += 1;
    this.waiting.shift()?.();
  }
}

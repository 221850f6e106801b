import { AdviseV1, ProblemError, PROBLEMS } from '@couplet/contracts';
import { RequestClient } from '@couplet/nats';
import type { NatsConnection } from '@nats-io/transport-node';
import type { LateAdvice } from '../domain/late-advice.ts';

const TIMEOUT_MS = 5_000;

/** settlement-relay, asked as any relay asks it. */
export class SettlementRelayClient {
  private opened: Promise<{ connection: NatsConnection; client: RequestClient }> | undefined;

  /**
   * @param connect opens the connection at the first need; most simulators never advise
   * @param relay as which it asks
   * @param inbox whose inbox the answers come to
   */
  constructor(
    private readonly connect: () => Promise<NatsConnection>,
    private readonly relay: string,
    private readonly inbox: string,
  ) {}

  /**
   * @returns the effect that settlement-relay told, or the problem that it will always have with this advice
   * @throws what is worth another try
   */
  async advise({ adviceId, advice }: LateAdvice): Promise<string> {
    const { client } = await (this.opened ??= this.open());
    try {
      return (await client.request(AdviseV1, { adviceId, advice }, { timeoutMs: TIMEOUT_MS })).effect;
    } catch (error) {
      if (error instanceof ProblemError && !PROBLEMS[error.code].retryable) return error.code;
      throw error;
    }
  }

  async close(): Promise<void> {
    await (await this.opened)?.connection.close();
  }

  private async open() {
    const connection = await this.connect();
    return { connection, client: new RequestClient(connection, this.relay, this.inbox) };
  }
}

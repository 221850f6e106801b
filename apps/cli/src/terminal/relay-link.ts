import { ProblemError, PROBLEMS, type RequestContract } from '@couplet/contracts';
import { NoResponders, RequestClient, RequestTimeout, type connectNats } from '@couplet/nats';
import type { z } from 'zod';
import { repeated, type Patience } from './repeated.ts';

export type Answer<Reply> =
  | { readonly kind: 'reply'; readonly reply: Reply }
  /** It will be refused however often it is repeated. */
  | { readonly kind: 'refused'; readonly problem: ProblemError }
  /** No answer while it was worth waiting. What was done is not known. */
  | { readonly kind: 'silence' };

export interface AskOptions<Reply> {
  /** Which replies end the step; after another it is asked again. Default: every reply. */
  readonly enough?: (reply: Reply) => boolean;
  /** Hears after each try without an answer how many there were. */
  readonly onWait?: (tries: number) => void;
}

/** Tries without any sign of life after which the connection itself is doubted: a half-open one looks sound for long. */
const SILENT_TRIES = 2;

/**
 * Asks settlement-relay over a link that loses, delays, doubles and reorders. Each try has a reply inbox of its own, and
 * the first answer to any of them counts. Once a step is over nobody listens to its inboxes any more, so an answer that is
 * older than a `cancel` cannot be taken for a newer one (protocol, flaw 24).
 */
export class RelayLink {
  private readonly client: RequestClient;
  private signsOfLife = 0;

  /** @param relay whose credential the connection has */
  constructor(
    private readonly connection: Awaited<ReturnType<typeof connectNats>>,
    relay: string,
    private readonly patience: Patience,
  ) {
    this.client = new RequestClient(connection, relay);
  }

  /** Repeats one request until it is answered; every request of a terminal may come twice. */
  async ask<Request extends z.ZodType, Reply extends z.ZodType>(
    contract: RequestContract<Request, Reply>,
    body: z.output<Request>,
    { enough = () => true, onWait = () => undefined }: AskOptions<z.output<Reply>> = {},
  ): Promise<Answer<z.output<Reply>>> {
    const once = async (leftMs: number) => {
      const answer = await this.once(contract, body, leftMs);
      return answer?.kind === 'reply' && !enough(answer.reply) ? undefined : answer;
    };
    const doubtSilence = this.silenceWatch();
    const answer = await repeated(once, this.patience, (tries) => {
      onWait(tries);
      doubtSilence();
    });
    return answer ?? { kind: 'silence' };
  }

  /** @returns undefined when it may be answered otherwise later */
  private async once<Request extends z.ZodType, Reply extends z.ZodType>(
    contract: RequestContract<Request, Reply>,
    body: z.output<Request>,
    timeoutMs: number,
  ): Promise<Answer<z.output<Reply>> | undefined> {
    try {
      const reply = await this.client.request(contract, body, { timeoutMs });
      this.signsOfLife += 1;
      return { kind: 'reply', reply };
    } catch (error) {
      if (error instanceof RequestTimeout) return undefined;
      this.signsOfLife += 1;
      if (error instanceof NoResponders) return undefined;
      if (!(error instanceof ProblemError)) throw error;
      return PROBLEMS[error.code].retryable ? undefined : { kind: 'refused', problem: error };
    }
  }

  private silenceWatch(): () => void {
    let [heard, silent] = [this.signsOfLife, 0];
    return () => {
      silent = this.signsOfLife === heard ? silent + 1 : 0;
      heard = this.signsOfLife;
      if (silent === 0 || silent % SILENT_TRIES > 0) return;
      // A connection that is closed has nothing to mend; patience ends the step.
      this.connection.reconnect().catch(() => undefined);
    };
  }
}

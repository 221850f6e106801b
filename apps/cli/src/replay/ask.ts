import { setTimeout as sleep } from 'node:timers/promises';
import type { Problem } from '@couplet/contracts';
import type { NatsConnection } from '../topology/start-topology.ts';

export type Answer =
  | { kind: 'reply'; body: unknown }
  | { kind: 'problem'; problem: Problem }
  /** Nobody answered, or not in time: what the request did is not known. */
  | { kind: 'silence'; reason: string };

export interface AskOptions {
  /** How long one request waits for its answer. */
  timeoutMs?: number;
  /** How long the same request is repeated while it meets silence or a problem that may pass. */
  patienceMs?: number;
}

const PAUSE_MS_MIN = 50;
const PAUSE_MS_MAX = 2_000;

/** One request as any client of NATS sends it: JSON there, JSON back. */
async function ask(
  connection: NatsConnection,
  subject: string,
  body: unknown,
  timeoutMs: number,
): Promise<Answer> {
  try {
    const message = await connection.request(subject, JSON.stringify(body), { timeout: timeoutMs });
    const json: unknown = message.json();
    return message.headers?.get('Nats-Service-Error')
      ? { kind: 'problem', problem: json as Problem }
      : { kind: 'reply', body: json };
  } catch (error) {
    return { kind: 'silence', reason: (error as Error).message };
  }
}

/** Repeats the same request until it is answered for good; every request of Couplet is idempotent by an id in its body. */
export async function askUntilAnswered(
  connection: NatsConnection,
  subject: string,
  body: unknown,
  { timeoutMs = 15_000, patienceMs = 120_000 }: AskOptions = {},
): Promise<Answer> {
  const end = performance.now() + patienceMs;
  for (let pauseMs = PAUSE_MS_MIN; ; pauseMs = Math.min(pauseMs * 2, PAUSE_MS_MAX)) {
    const answer = await ask(connection, subject, body, timeoutMs);
    if (answer.kind === 'reply' || (answer.kind === 'problem' && !answer.problem.retryable)) return answer;
    if (performance.now() + pauseMs > end) return answer;
    await sleep(pauseMs);
  }
}

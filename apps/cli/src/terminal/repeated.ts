import { setTimeout as sleep } from 'node:timers/promises';

export interface Patience {
  /** The first repeat goes out after so long, later ones after up to four times that. */
  readonly retryMs: number;
  /** How long one step is repeated. */
  readonly patienceMs: number;
}

const NEVER = new Promise<never>(() => undefined);

/**
 * Tries again and again, and takes the first answer that any try gives, however late it comes.
 *
 * @param attempt undefined when it has no answer to give
 * @param onWait hears after each try without an answer how many there were
 * @returns undefined when patience is over; what the tries still bring is then dropped
 */
export async function repeated<Answer extends object>(
  attempt: (leftMs: number) => Promise<Answer | undefined>,
  { retryMs, patienceMs }: Patience,
  onWait: (tries: number) => void,
): Promise<Answer | undefined> {
  const end = performance.now() + patienceMs;
  const tries: Promise<Answer>[] = [];
  for (let count = 1; ; count += 1) {
    const leftMs = end - performance.now();
    tries.push(attempt(Math.max(1, leftMs)).then((answer) => answer ?? NEVER));
    const pauseMs = Math.min(retryMs * 2 ** Math.min(count - 1, 2), Math.max(0, leftMs));
    const answer = await Promise.race([...tries, sleep(pauseMs, undefined)]);
    if (answer !== undefined) return answer;
    if (performance.now() >= end) return undefined;
    onWait(count);
  }
}

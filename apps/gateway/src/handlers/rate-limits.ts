import { HttpProblemError } from '@couplet/contracts';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { GatewayConfig } from '../config.ts';
import type { Principal } from '../domain/principal.ts';

/** Codes of up to so many characters can be guessed; bar codes hold 128 random bits. */
const GUESSABLE_LENGTH = 20;
const PREFIX_LENGTH = 4;

type Limits = Pick<
  GatewayConfig,
  | 'STORE_PER_SECOND'
  | 'HOLDER_PER_MINUTE'
  | 'OFFICE_PER_SECOND'
  | 'ANYBODY_PER_MINUTE'
  | 'CODE_MISSES_PER_MINUTE'
>;

/** How much one may ask, counted in this process: n copies of the gateway let n times as much through. */
export class RateLimits {
  private readonly store: RateLimiterMemory;
  private readonly holder: RateLimiterMemory;
  private readonly office: RateLimiterMemory;
  private readonly anybody: RateLimiterMemory;
  private readonly misses: RateLimiterMemory;

  constructor(limits: Limits) {
    this.store = new RateLimiterMemory({ points: limits.STORE_PER_SECOND, duration: 1 });
    this.holder = new RateLimiterMemory({ points: limits.HOLDER_PER_MINUTE, duration: 60 });
    this.office = new RateLimiterMemory({ points: limits.OFFICE_PER_SECOND, duration: 1 });
    this.anybody = new RateLimiterMemory({ points: limits.ANYBODY_PER_MINUTE, duration: 60 });
    this.misses = new RateLimiterMemory({ points: limits.CODE_MISSES_PER_MINUTE, duration: 60 });
  }

  /**
   * One request of somebody known, or of somebody at an address.
   *
   * @throws HttpProblemError `rate-limited`
   */
  async spend(by: Principal | { address: string }, owner: string, operation: string): Promise<void> {
    await consume(this.limiterOf(by), `${owner} ${operation}`);
  }

  /**
   * Refuses whoever has guessed wrong too often, and codes that begin like those that were: many clients together are as
   * slow as one.
   *
   * @throws HttpProblemError `rate-limited`
   */
  async refuseGuessing(owner: string, codes: readonly string[]): Promise<void> {
    for (const key of guessKeys(owner, codes)) {
      const seen = await this.misses.get(key);
      if (seen && seen.consumedPoints >= this.misses.points) throw rateLimited(seen);
    }
  }

  async countMisses(owner: string, codes: readonly string[]): Promise<void> {
    for (const code of codes) for (const key of guessKeys(owner, [code])) await this.misses.penalty(key);
  }

  private limiterOf(by: Principal | { address: string }): RateLimiterMemory {
    if ('address' in by) return this.anybody;
    if (by.kind === 'holder') return this.holder;
    return by.storeId === undefined ? this.office : this.store;
  }
}

function guessKeys(owner: string, codes: readonly string[]): Set<string> {
  const short = codes
    .map((code) => code.replace(/[\s-]/g, '').toUpperCase())
    .filter(({ length }) => length <= GUESSABLE_LENGTH);
  const prefixes = short.map((code) => `prefix ${code.slice(0, PREFIX_LENGTH)}`);
  return new Set(short.length > 0 ? [`owner ${owner}`, ...prefixes] : []);
}

async function consume(limiter: RateLimiterMemory, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (refused) {
    if (refused instanceof RateLimiterRes) throw rateLimited(refused);
    throw refused;
  }
}

function rateLimited({ msBeforeNext }: RateLimiterRes): HttpProblemError {
  const seconds = Math.max(1, Math.ceil(msBeforeNext / 1_000));
  return new HttpProblemError('rate-limited', `try again in ${seconds} s`, seconds);
}

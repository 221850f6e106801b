import { loadTokenKey } from '@couplet/medium-id';
import { ConfigError, parseConfig, ServiceConfig } from '@couplet/service-host';
import { z } from 'zod';
import type { Limits } from './domain/settle-deps.ts';

const Key = z.string().transform((text, context) => {
  try {
    return loadTokenKey(text);
  } catch (error) {
    context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : 'is not a key' });
    return z.NEVER;
  }
});
const Ms = z.coerce.number().int().min(1).max(86_400_000);

export const SettlementRelayConfig = ServiceConfig.extend({
  /** `<kid>:<base64 of 32 bytes>`: the registry's key; media are tokenized with it. */
  TOKEN_KEY: Key,
  /** The same form, another secret: tells a repeat from another body. */
  FINGERPRINT_KEY: Key,
  /** How long a sale waits for its coupons. */
  SEARCH_DEADLINE_MS: Ms.default(500),
  /** How long an attempt may stay undecided; `expiresAt` of its authorizations. */
  ATTEMPT_DEADLINE_MS: Ms.default(10_000),
  /** When the registry begins to ask how a settlement ended. */
  RESERVATION_DEADLINE_MS: Ms.default(30_000),
  /** How long a granted on-confirm settlement waits for its confirm. */
  CONFIRM_DEADLINE_MS: Ms.default(120_000),
  /** Clocks of relays and of services differ by at most this. */
  CLOCK_SKEW_MS: Ms.default(5_000),
  /** How long one request of the queue to the card network waits for its answer. */
  QUEUE_TIMEOUT_MS: Ms.default(5_000),
  QUEUE_BACKOFF_MS_MIN: Ms.default(200),
  QUEUE_BACKOFF_MS_MAX: Ms.default(30_000),
  QUEUE_POLL_MS: Ms.default(1_000),
  /** Requests to card networks at once. */
  QUEUE_CONCURRENCY: z.coerce.number().int().min(1).max(10_000).default(64),
  SWEEP_MS: Ms.default(1_000),
  CAPABILITIES_TTL_MS: Ms.default(60_000),
  /** What becomes of coupons found after the sale was settled without them (F5): given back, or their discount refunded. */
  LATE_COUPONS: z.enum(['release', 'refund']).default('release'),
  /** How long the first authorize is held back for its coupons, so that the card is asked once (S4); 0: never. */
  EARLY_SWAP_MS: z.coerce.number().int().min(0).max(1_000).default(0),
  /** How long the reply of a granted settlement waits until the hold is down to the granted amount; 0: not at all. */
  AWAIT_ADJUST_MS: z.coerce.number().int().min(0).max(10_000).default(0),
  /** Whether a coupon goes back to its holder with a refund of all that it discounted, or a cancel after the confirm. */
  COUPON_RETURN: z.enum(['with-its-lines', 'never']).default('with-its-lines'),
});
export type SettlementRelayConfig = z.output<typeof SettlementRelayConfig>;

/** @throws ConfigError with everything that is wrong at once */
export function parseSettlementRelayConfig(
  env: Readonly<Record<string, string | undefined>>,
): SettlementRelayConfig {
  const config = parseConfig(SettlementRelayConfig, env);
  const problems = wrongOrders(limitsOf(config));
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

/** Reads the configuration, or prints everything that is wrong with it and exits with 78. */
export function readSettlementRelayConfig(env = process.env): SettlementRelayConfig {
  try {
    return parseSettlementRelayConfig(env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(78);
  }
}

export const limitsOf = (config: SettlementRelayConfig): Limits => ({
  searchDeadlineMs: config.SEARCH_DEADLINE_MS,
  attemptDeadlineMs: config.ATTEMPT_DEADLINE_MS,
  reservationDeadlineMs: config.RESERVATION_DEADLINE_MS,
  confirmDeadlineMs: config.CONFIRM_DEADLINE_MS,
  clockSkewMs: config.CLOCK_SKEW_MS,
  earlySwapMs: config.EARLY_SWAP_MS,
  awaitAdjustMs: config.AWAIT_ADJUST_MS,
});

/** In another order the registry would resolve, and so end, good sales (`protocol/README.md` section 3, 15). */
function wrongOrders(limits: Limits): string[] {
  const { searchDeadlineMs, attemptDeadlineMs, reservationDeadlineMs, clockSkewMs } = limits;
  const apart = (earlierMs: number, laterMs: number) => laterMs - earlierMs > clockSkewMs;
  return [
    ...(apart(searchDeadlineMs, attemptDeadlineMs)
      ? []
      : ['ATTEMPT_DEADLINE_MS must be above SEARCH_DEADLINE_MS by more than CLOCK_SKEW_MS']),
    ...(apart(attemptDeadlineMs, reservationDeadlineMs)
      ? []
      : ['RESERVATION_DEADLINE_MS must be above ATTEMPT_DEADLINE_MS by more than CLOCK_SKEW_MS']),
  ];
}

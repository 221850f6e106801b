import type { Service } from '@couplet/contracts';
import type { AskOptions } from '../replay/ask.ts';

/** How long settlement-relay goes on with what a rail declared before. */
export const CAPABILITIES_TTL_MS = 300;

/**
 * Short, so that what a fault leaves undecided is decided soon; in the order that the services insist on. With
 * everything in its time, a sale under a fault is at rest within some seconds of its end.
 */
export const SETTINGS: Partial<Record<Service, Record<string, string>>> = {
  'settlement-relay': {
    SEARCH_DEADLINE_MS: '1000',
    ATTEMPT_DEADLINE_MS: '2500',
    RESERVATION_DEADLINE_MS: '4000',
    CONFIRM_DEADLINE_MS: '1500',
    CLOCK_SKEW_MS: '200',
    QUEUE_TIMEOUT_MS: '500',
    QUEUE_BACKOFF_MS_MAX: '5000',
    QUEUE_POLL_MS: '200',
    SWEEP_MS: '400',
    CAPABILITIES_TTL_MS: String(CAPABILITIES_TTL_MS),
  },
  'medium-registry': { RESOLVE_EVERY_MS: '200' },
};

/** A request that a killed service took with it is never answered: it is soon repeated. */
export const ASK: AskOptions = { timeoutMs: 2_000 };

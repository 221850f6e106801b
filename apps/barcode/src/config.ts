import { ServiceConfig } from '@couplet/service-host';
import { z } from 'zod';

const DAY_MS = 86_400_000;

export const BarcodeConfig = ServiceConfig.extend({
  /** `<key id>:<base64 of 32 bytes>`, one a line, the newest first; best given as CODE_KEYS_FILE. */
  CODE_KEYS: z.string().min(1),
  /** How long ago a scan may have been made that a store hands in late; the registry must allow as much. */
  SCAN_AGE_MAX_MS: z.coerce.number().int().min(0).default(DAY_MS),
  /** How far a store's clock may be ahead. */
  CLOCK_AHEAD_MAX_MS: z.coerce.number().int().min(0).default(60_000),
  /** How long an on-confirm scan waits for its confirm. */
  CONFIRM_WITHIN_MS: z.coerce.number().int().min(1_000).default(60_000),
  /** How long a scan that asked for its coupons may be undecided; longer than the registry takes to answer or not. */
  DECIDE_WITHIN_MS: z.coerce.number().int().min(1_000).default(10_000),
  SWEEP_MS: z.coerce.number().int().min(10).default(1_000),
  /** How long a typed code may be typed. */
  TYPED_CODE_FOR_MS: z.coerce.number().int().min(1_000).default(600_000),
});
export type BarcodeConfig = z.output<typeof BarcodeConfig>;

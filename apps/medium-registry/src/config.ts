import { ServiceConfig } from '@couplet/service-host';
import { z } from 'zod';

const DAY_MS = 86_400_000;

export const RegistryConfig = ServiceConfig.extend({
  /** `<key id>:<base64 of 32 bytes>`; best given as TOKEN_KEY_FILE. */
  TOKEN_KEY: z.string().min(1),
  /** How far `presentedAt` may be from the registry's own clock. */
  PRESENTED_AT_TOLERANCE_MS: z.coerce.number().int().min(0).default(DAY_MS),
  /** How often reservations are looked through for settlements whose end is overdue. */
  RESOLVE_EVERY_MS: z.coerce.number().int().min(10).default(1_000),
  /** Threads for baskets whose best deal is not found at once; one is started before it is needed. */
  SEARCH_THREADS: z.coerce.number().int().min(1).default(2),
});
export type RegistryConfig = z.output<typeof RegistryConfig>;

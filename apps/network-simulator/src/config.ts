import { ServiceConfig } from '@couplet/service-host';
import { z } from 'zod';

export const NetworkSimulatorConfig = ServiceConfig.extend({
  /** How long after `expiresAt` an authorization is still taken: clocks differ. */
  CLOCK_TOLERANCE_MS: z.coerce.number().int().min(0).max(60_000).default(2_000),
});
export type NetworkSimulatorConfig = z.output<typeof NetworkSimulatorConfig>;

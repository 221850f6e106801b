import { z } from 'zod';
import { network } from '../contract.ts';

export const Capabilities = z.object({
  shrink: z.boolean().describe('adjust lowers an open hold in place.'),
  finalPartialCapture: z.boolean().describe('A capture below the hold frees the rest.'),
  secondAuthorization: z
    .boolean()
    .describe('After insufficient funds, or an acknowledged reversal, the card may be asked again.'),
  partialApproval: z.boolean(),
  refund: z.boolean(),
});
export type Capabilities = z.output<typeof Capabilities>;

export const CapabilitiesV1 = network({
  verb: 'capabilities',
  version: 1,
  summary: 'Tell what this rail can do.',
  request: z.object({}),
  reply: Capabilities,
});

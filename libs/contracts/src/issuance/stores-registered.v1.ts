import { z } from 'zod';
import { event } from '../contract.ts';
import { Name } from '../values.ts';
import { TimeZone } from './time-zone.ts';

export const StoresRegisteredV1 = event({
  service: 'issuance',
  fact: 'stores-registered',
  version: 1,
  consumers: ['medium-registry'],
  summary: 'Stores were registered, or their time zone changed.',
  payload: z.object({
    stores: z
      .array(
        z.object({
          storeId: Name,
          timeZone: TimeZone,
          version: z.int().min(1).describe('Of events about one store the highest version counts.'),
        }),
      )
      .min(1),
  }),
});
export type StoresRegisteredV1 = z.output<typeof StoresRegisteredV1.payload>;

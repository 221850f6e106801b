import { z } from 'zod';
import { request } from '../contract.ts';
import { Name } from '../values.ts';
import { RecordedBy } from './recorded-by.ts';
import { TimeZone } from './time-zone.ts';

export const RegisterStoresV1 = request({
  service: 'issuance',
  verb: 'register-stores',
  version: 1,
  callers: ['operator', 'gateway'],
  summary:
    'Register stores with their time zones, or change the zone. Offers whose window is in local time, or that have hours, apply only at stores whose zone is known.',
  request: z.object({
    registeredBy: RecordedBy,
    stores: z
      .array(z.object({ storeId: Name, timeZone: TimeZone }))
      .min(1)
      .max(5_000),
  }),
  reply: z.object({ registered: z.int().describe('Stores that are new or changed.') }),
});

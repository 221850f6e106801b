import { z } from 'zod';
import { request } from '../contract.ts';
import { Name } from '../values.ts';
import { RecordedBy } from './recorded-by.ts';

export const RegisterFundingPartiesV1 = request({
  service: 'issuance',
  verb: 'register-funding-parties',
  version: 1,
  callers: ['operator', 'gateway'],
  summary: 'Register who may fund discounts; an offer can only name registered parties.',
  request: z.object({
    registeredBy: RecordedBy,
    parties: z
      .array(
        z.object({
          party: Name,
          kind: z.enum(['manufacturer', 'retailer', 'bank', 'other']),
          title: z.string().min(1).max(128),
        }),
      )
      .min(1)
      .max(1_000),
  }),
  reply: z.object({ registered: z.int() }),
});

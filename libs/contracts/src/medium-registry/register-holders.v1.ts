import { z } from 'zod';
import { request } from '../contract.ts';
import { Id, PresentedMedium } from '../values.ts';

/** Of a holder. */
export const Attributes = z
  .record(z.string().regex(/^[a-z][a-z0-9_]{0,31}$/), z.string().max(64))
  .describe('Segments such as age band; never a name or an address.');

export const RegisterHoldersV1 = request({
  service: 'medium-registry',
  verb: 'register-holders',
  version: 1,
  callers: ['operator', 'gateway'],
  summary:
    'Register holders with their attributes and media, or add media to known holders. Repeats change nothing.',
  request: z.object({
    holders: z
      .array(
        z.object({
          holderId: Id,
          attributes: Attributes,
          media: z.array(PresentedMedium).max(32),
        }),
      )
      .min(1)
      .max(1_000),
  }),
  reply: z.object({ registered: z.int(), media: z.int().describe('Media that are new.') }),
});

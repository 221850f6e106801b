import { z } from 'zod';
import { request } from '../contract.ts';
import { Id } from '../values.ts';
import { Attributes } from './register-holders.v1.ts';

export const ChangeAttributesV1 = request({
  service: 'medium-registry',
  verb: 'change-attributes',
  version: 1,
  callers: ['operator', 'gateway'],
  summary:
    'Change attributes of a holder, by which offers know their segments; from the next search on. A repeat changes nothing.',
  request: z.object({
    holderId: Id,
    set: Attributes.default({}).describe('Attributes that get this value.'),
    remove: z.array(z.string()).max(64).default([]).describe('Attributes that the holder has no more.'),
  }),
  reply: z.object({ holderId: Id, attributes: Attributes.describe('As they are now.') }),
});

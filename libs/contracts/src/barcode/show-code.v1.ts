import { z } from 'zod';
import { request } from '../contract.ts';
import { Id } from '../values.ts';
import { IssuedCode } from './issued-code.ts';
import { SymbolRequest } from './symbol.ts';

export const ShowCodeV1 = request({
  service: 'barcode',
  verb: 'show-code',
  version: 1,
  callers: ['gateway', 'operator'],
  summary: 'Draw an issued bar code again: for another screen, or the present step of a rotating one.',
  request: z.object({
    codeId: Id,
    holderId: Id.describe('Its holder; anybody else is told not-found.'),
    symbol: SymbolRequest,
  }),
  reply: IssuedCode,
});

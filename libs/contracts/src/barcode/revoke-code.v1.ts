import { z } from 'zod';
import { request } from '../contract.ts';
import { Id, Timestamp } from '../values.ts';

export const RevokeCodeV1 = request({
  service: 'barcode',
  verb: 'revoke-code',
  version: 1,
  callers: ['gateway', 'operator'],
  summary: 'Make a bar code void from now on. Its coupons stay with the holder.',
  request: z.object({ codeId: Id, holderId: Id.describe('Its holder; anybody else is told not-found.') }),
  reply: z.object({ codeId: Id, revokedAt: Timestamp.describe('Of the first time.') }),
});

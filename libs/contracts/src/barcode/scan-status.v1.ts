import { z } from 'zod';
import { request } from '../contract.ts';
import { Id, Name } from '../values.ts';
import { ScanReply } from './scan-code.v1.ts';

/** Reads only: a poll never decides a scan. */
export const ScanStatusV1 = request({
  service: 'barcode',
  verb: 'scan-status',
  version: 1,
  callers: ['relay', 'gateway'],
  summary: 'Tell how far a scan of this caller is.',
  request: z.object({ storeId: Name, scanId: Id }),
  reply: z.object({
    scanId: Id,
    state: z.enum(['unknown', 'refused', 'held', 'granted', 'abandoned', 'rolled-back']),
    reply: ScanReply.optional().describe('What a repeat of scan-code would be answered now.'),
  }),
});

import { z } from 'zod';
import { request } from '../contract.ts';
import { Id } from '../values.ts';
import { ScanReply, ScanRequest } from './scan-code.v1.ts';

/** For a store that was offline: each scan carries its own time, and is judged at that time. */
export const UploadScansV1 = request({
  service: 'barcode',
  verb: 'upload-scans',
  version: 1,
  callers: ['relay', 'gateway'],
  summary: 'Hand in scans that were made offline; every one is answered by itself.',
  request: z.object({ scans: z.array(ScanRequest).min(1).max(100) }),
  reply: z.object({
    scans: z
      .array(
        z.object({
          scanId: Id,
          reply: ScanReply.optional(),
          problem: z
            .object({ code: z.string(), detail: z.string(), retryable: z.boolean() })
            .optional()
            .describe('In place of the reply; hand in again those that are retryable.'),
        }),
      )
      .describe('In the order of the request.'),
  }),
});

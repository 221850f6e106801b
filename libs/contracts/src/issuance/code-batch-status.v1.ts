import { z } from 'zod';
import { request } from '../contract.ts';
import { Id } from '../values.ts';
import { CodeBatch } from './codes.ts';

export const CodeBatchStatusV1 = request({
  service: 'issuance',
  verb: 'code-batch-status',
  version: 1,
  callers: ['operator', 'gateway'],
  summary: 'How far the generation or import of codes is.',
  request: z.object({ batchId: Id }),
  reply: CodeBatch,
});

import type { SettleV1 } from '@couplet/contracts';
import type { z } from 'zod';
import type { Receipt } from '../journey/types.ts';

export type SettleReply = z.output<typeof SettleV1.reply>;

/** How one receipt ended for the till that asked. */
export interface Settled {
  receipt: Receipt;
  attemptId: string;
  /** From the first sending to the answer, retries included. */
  latencyMs: number;
  answer: { kind: 'reply'; reply: SettleReply } | { kind: 'failed'; problem: string };
}

import { RefundSaleV1 } from '@couplet/contracts';
import { z } from 'zod';
import { send } from '../terminal/messages.ts';
import { EXIT_CODES } from '../terminal/steps.ts';
import type { RefundOptions } from './terminal-options.ts';
import { withLink, withTerminal } from './terminal-process.ts';

/** @returns the exit code */
export function refund(saleId: string, options: RefundOptions): Promise<number> {
  return withTerminal(options, async (terminal) => {
    const refundId = terminal.newId();
    const { lines } = options;
    const request = { attemptId: saleId, refundId, ...(lines && { lines }) };
    const body = z.encode(RefundSaleV1.request, request);
    const message = { messageId: refundId, saleId, verb: 'refund' as const, body };
    const answered = await withLink(options, (link) => send(message, { ...terminal, link }));
    if (answered) return EXIT_CODES.sold;
    if (answered === undefined) return EXIT_CODES.unreachable;
    return terminal.journal.book.messages.has(refundId) ? EXIT_CODES.open : EXIT_CODES.refused;
  });
}

import { AdviseV1, SettleRequest, type Advice } from '@couplet/contracts';
import { z } from 'zod';
import { attemptOf, type Purchase } from './attempt.ts';
import type { Cards } from './cards.ts';
import { offlineReceipt } from './receipt.ts';
import type { Outcome } from './steps.ts';
import type { OfflineTerminal } from './terminal.ts';

/**
 * Approves a sale while nobody can be reached (F13): at its full price, for coupons live where it cannot look. The advice
 * that tells the relay is in the journal before the goods leave.
 *
 * @param limit minor units; above it nothing is approved
 * @returns `declined` above the limit or without a card; `open` while a sale that was sent has not ended, for it may have
 *   been charged
 */
export async function approveOffline(
  purchase: Omit<Purchase, 'attemptId'>,
  limit: bigint,
  cards: Cards,
  { journal, tell, print, newId, reached }: OfflineTerminal,
): Promise<Outcome> {
  if (journal.book.sales.size > 0) return 'open';
  const saleId = newId();
  const attempt = attemptOf({ ...purchase, attemptId: saleId }, 0, cards);
  const { storeId, terminalId, presentedAt, purpose, currency, amount, lines } = SettleRequest.parse({
    ...attempt.body,
    payment: { kind: 'credit-card', reference: 'offline' },
  });
  if (!attempt.tender || amount > limit) {
    tell({ step: 'declined', attemptId: saleId, reason: attempt.tender ? 'offline-limit' : 'offline' });
    return 'declined';
  }
  const [adviceId, authorizationId] = [newId(), newId()];
  const approvalCode = `OFF${authorizationId.slice(-6).toUpperCase()}`;
  const advice: Advice = {
    ...{ kind: 'offline-approval', attemptId: saleId, authorizationId, approvalCode, networkReference: '' },
    ...{ storeId, terminalId, presentedAt, purpose, currency, amount, lines },
  };
  const body = z.encode(AdviseV1.request, { adviceId, advice });
  await journal.write({ entry: 'message', messageId: adviceId, verb: 'advise', body });
  reached('terminal.after-offline');
  tell({ step: 'approved-offline', saleId, amount, currency });
  await print(offlineReceipt(attempt, approvalCode));
  return 'approved-offline';
}

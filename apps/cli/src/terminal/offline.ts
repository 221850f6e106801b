import { AdviseV1, type Advice, type SettleRequest } from '@couplet/contracts';
import { z } from 'zod';
import { attemptOf, requestOf, type Purchase } from './attempt.ts';
import type { Cards } from './cards.ts';
import { mayBegin } from './one-at-a-time.ts';
import { offlineReceipt } from './receipt.ts';
import type { Outcome } from './steps.ts';
import type { OfflineTerminal } from './terminal.ts';

/**
 * Approves a sale while nobody can be reached (F13): at its full price, for coupons live where it cannot look. The advice
 * that tells the relay is in the journal before the goods leave.
 *
 * @param limit minor units; above it nothing is approved
 * @returns `declined` above the limit or without a card; `open` while a sale that was sent has not ended
 * @throws DataError if the purchase does not fit the contract
 */
export async function approveOffline(
  purchase: Omit<Purchase, 'attemptId'>,
  limit: bigint,
  cards: Cards,
  terminal: OfflineTerminal,
): Promise<Outcome> {
  if (!mayBegin(terminal)) return 'open';
  const { journal, tell, print, newId, reached } = terminal;
  const saleId = newId();
  const attempt = attemptOf({ ...purchase, attemptId: saleId }, 0, cards);
  const request = requestOf(attempt, 0, cards)!;
  const { amount, currency, payment } = request;
  if (!payment || amount > limit) {
    tell({ step: 'declined', attemptId: saleId, reason: payment ? 'offline-limit' : 'offline' });
    tell({ step: 'ended', saleId, outcome: 'declined' });
    return 'declined';
  }
  const advice = adviceOf(request, newId());
  const adviceId = newId();
  const body = z.encode(AdviseV1.request, { adviceId, advice });
  await journal.write({ entry: 'message', messageId: adviceId, saleId, verb: 'advise', body });
  reached('terminal.after-offline');
  tell({ step: 'approved-offline', saleId, amount, currency });
  await print(offlineReceipt(attempt, advice.approvalCode));
  tell({ step: 'ended', saleId, outcome: 'approved-offline' });
  return 'approved-offline';
}

function adviceOf(
  { attemptId, storeId, terminalId, presentedAt, purpose, currency, amount, lines }: SettleRequest,
  authorizationId: string,
): Extract<Advice, { kind: 'offline-approval' }> {
  const sale = { attemptId, storeId, terminalId, presentedAt, purpose, currency, amount, lines };
  const approvalCode = `OFF${authorizationId.slice(-6).toUpperCase()}`;
  return { kind: 'offline-approval', authorizationId, approvalCode, networkReference: '', ...sale };
}

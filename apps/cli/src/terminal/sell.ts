import { carryOn } from './carry-on.ts';
import { attemptOf, requestOf, type Purchase } from './attempt.ts';
import type { Sale } from './book.ts';
import type { Cards } from './cards.ts';
import { mayBegin } from './one-at-a-time.ts';
import type { Outcome } from './steps.ts';
import type { Terminal } from './terminal.ts';

/**
 * One sale. It is in the journal before anything of it is on the wire, so a terminal that dies carries on with it.
 *
 * @returns `open` also when the sale before has not ended
 * @throws DataError if the purchase does not fit the contract; then nothing was written or sent
 */
export async function sell(
  purchase: Omit<Purchase, 'attemptId'>,
  { due, onApproval }: Pick<Sale, 'due' | 'onApproval'>,
  terminal: Terminal & { readonly cards: Cards },
): Promise<Outcome> {
  if (!mayBegin(terminal)) return 'open';
  const saleId = terminal.newId();
  const attempt = attemptOf({ ...purchase, attemptId: saleId }, 0, terminal.cards);
  requestOf(attempt, 0, terminal.cards);
  await terminal.journal.write({ entry: 'begun', saleId, attempt, due, onApproval });
  terminal.reached('terminal.after-journal');
  return carryOn({ saleId, attempts: [attempt], due, onApproval }, terminal);
}

import { BasketLine } from '@couplet/contracts';
import { z } from 'zod';
import { DataError } from '../journey/data-error.ts';
import type { Purchase } from '../terminal/attempt.ts';
import type { Cards } from '../terminal/cards.ts';
import { sendMessages } from '../terminal/messages.ts';
import { inMajorUnits, minorUnitsOf } from '../terminal/money.ts';
import { approveOffline } from '../terminal/offline.ts';
import { sell as sellAt } from '../terminal/sell.ts';
import { EXIT_CODES, type Outcome } from '../terminal/steps.ts';
import type { OfflineTerminal, Terminal } from '../terminal/terminal.ts';
import { confirmedByPerson, TerminalInput } from './terminal-input.ts';
import type { SellOptions } from './terminal-options.ts';
import { withLink, withTerminal } from './terminal-process.ts';

/** @returns the exit code */
export async function sell(options: SellOptions): Promise<number> {
  const input = new TerminalInput(options);
  const offlineLimit = amountOf(options.offlineLimit, options);
  const cards = await input.cards();
  const purchase = await purchaseOf(input, options);
  return withTerminal(options, async (terminal) => {
    const online = await sellOnline(purchase, cards, input.interactive, options, terminal);
    const outcome = online ?? (await sellOffline(purchase, cards, offlineLimit, terminal));
    return EXIT_CODES[outcome];
  });
}

/** @returns undefined when nobody could be reached: nothing was sent */
function sellOnline(
  purchase: Omit<Purchase, 'attemptId'>,
  cards: Cards,
  interactive: boolean,
  options: SellOptions,
  terminal: OfflineTerminal,
): Promise<Outcome | undefined> {
  const decide: Terminal['decide'] = async ({ onApproval }, [approval]) => {
    if (!interactive) return onApproval;
    const price = `${options.currency} ${inMajorUnits(approval!.amount, options.currency)}`;
    return (await confirmedByPerson(`Confirm ${price}?`)) ? 'confirm' : 'void';
  };
  return withLink(options, async (link) => {
    const outcome = await sellAt(purchase, options, { ...terminal, link, cards, decide });
    await sendMessages({ ...terminal, link });
    return outcome;
  });
}

async function sellOffline(
  purchase: Omit<Purchase, 'attemptId'>,
  cards: Cards,
  limit: bigint | undefined,
  terminal: OfflineTerminal,
): Promise<Outcome> {
  if (limit !== undefined) return approveOffline(purchase, limit, cards, terminal);
  terminal.tell({ step: 'ended', outcome: 'unreachable' });
  return 'unreachable';
}

async function purchaseOf(input: TerminalInput, options: SellOptions): Promise<Omit<Purchase, 'attemptId'>> {
  const { basket, store, terminal, purpose, currency, capture, acceptPartial } = options;
  const total = amountOf(options.amount, options);
  const lines = total === undefined ? await input.basket(basket, currency) : [];
  const amount = total ?? lines.reduce((sum, line) => sum + line.amount, 0n);
  return {
    storeId: store,
    terminalId: terminal,
    presentedAt: new Date().toISOString(),
    purpose,
    currency,
    amount: Number(amount),
    capture,
    acceptPartialApproval: acceptPartial,
    lines: lines.map((line) => z.encode(BasketLine, line)),
  };
}

function amountOf(text: string | undefined, { currency }: SellOptions): bigint | undefined {
  if (text === undefined) return undefined;
  const amount = minorUnitsOf(text, currency);
  if (amount === undefined) throw new DataError(`"${text}" is no amount of ${currency} with every digit.`);
  return amount;
}

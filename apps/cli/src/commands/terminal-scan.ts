import { BasketLine } from '@couplet/contracts';
import { z } from 'zod';
import { inMajorUnits } from '../terminal/money.ts';
import { originalAmountOf } from '../terminal/receipt.ts';
import { sellScanned } from '../terminal/scan.ts';
import { EXIT_CODES } from '../terminal/steps.ts';
import type { ScanTerminal } from '../terminal/terminal.ts';
import { confirmedByPerson, TerminalInput } from './terminal-input.ts';
import type { ScanOptions } from './terminal-options.ts';
import { withLink, withTerminal } from './terminal-process.ts';

/** @returns the exit code */
export async function scan(options: ScanOptions): Promise<number> {
  const { store, terminal: terminalId, purpose, currency, onApproval } = options;
  const input = new TerminalInput({ cardKind: 'credit-card' });
  const code = await input.code();
  const lines = await input.basket(options.basket, currency);
  const purchase = {
    ...{ storeId: store, terminalId, purpose, currency },
    scannedAt: new Date().toISOString(),
    lines: lines.map((line) => z.encode(BasketLine, line)),
  };
  const decideScan: ScanTerminal['decideScan'] = async ({ purchase }, { discount }) => {
    if (!input.interactive) return onApproval;
    const price = inMajorUnits(originalAmountOf(purchase) - discount, currency);
    return (await confirmedByPerson(`Take ${currency} ${price}?`)) ? 'confirm' : 'void';
  };
  return withTerminal(options, async (offline) => {
    const outcome = await withLink(options, (link) =>
      sellScanned(code, purchase, onApproval, { ...offline, link, decideScan }),
    );
    if (outcome === undefined) offline.tell({ step: 'ended', outcome: 'unreachable' });
    return EXIT_CODES[outcome ?? 'unreachable'];
  });
}

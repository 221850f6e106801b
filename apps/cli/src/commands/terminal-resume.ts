import { carryOn, decided } from '../terminal/carry-on.ts';
import { sendMessages } from '../terminal/messages.ts';
import { carryOnScan, decidedScan } from '../terminal/scan.ts';
import { EXIT_CODES } from '../terminal/steps.ts';
import { TerminalInput } from './terminal-input.ts';
import type { CardOptions, LinkOptions } from './terminal-options.ts';
import { withLink, withTerminal } from './terminal-process.ts';

/**
 * Finishes what is open in the journal. A sale whose card is not shown again cannot be repeated: if the relay knows it, it is
 * taken as it ended there, and if not, it is cancelled. So is a scan.
 *
 * @returns the exit code: that of the sale which was open, if there was one
 */
export function resume(options: LinkOptions & CardOptions & { cancel: boolean }): Promise<number> {
  return withTerminal(options, async (offline) => {
    const shown = options.cardFd !== undefined || options.cardReference !== undefined;
    const cards = shown ? await new TerminalInput(options).cards() : undefined;
    const code = await withLink(options, async (link) => {
      const decide = async ({ onApproval }: { onApproval: 'confirm' | 'void' }) => onApproval;
      const terminal = { ...offline, link, decide, decideScan: decide, ...(cards && { cards }) };
      const everything = await sendMessages(terminal);
      let code: number = everything ? EXIT_CODES.sold : EXIT_CODES.open;
      for (const sale of offline.journal.book.sales.values()) {
        const going = options.cancel ? await decided(sale, 'cancel', terminal) : sale;
        const outcome = await carryOn(going, terminal);
        if (code === EXIT_CODES.sold) code = EXIT_CODES[outcome];
      }
      for (const scan of offline.journal.book.scans.values()) {
        const going = options.cancel ? await decidedScan(scan, 'void', terminal) : scan;
        const outcome = await carryOnScan(going, terminal);
        if (code === EXIT_CODES.sold) code = EXIT_CODES[outcome];
      }
      return code;
    });
    return code ?? EXIT_CODES.unreachable;
  });
}

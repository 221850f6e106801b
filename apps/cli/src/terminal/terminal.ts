import type { SettleReply } from '@couplet/contracts';
import type { Cards } from './cards.ts';
import type { Decision, Sale, Scan } from './book.ts';
import type { Journal } from './journal.ts';
import type { Receipt } from './receipt.ts';
import type { RelayLink } from './relay-link.ts';
import type { Step, ValidScan } from './steps.ts';

/** Every step at which a test may kill a terminal. */
type Failpoint =
  | 'terminal.after-journal'
  | 'terminal.after-answer'
  | 'terminal.after-continue'
  | 'terminal.after-decision'
  | 'terminal.after-confirm'
  | 'terminal.after-receipt'
  | 'terminal.after-offline';

/** What a terminal is made of while it can reach nobody. */
export interface OfflineTerminal {
  readonly journal: Journal;
  readonly tell: (step: Step) => void;
  readonly print: (receipt: Receipt) => Promise<void>;
  readonly newId: () => string;
  readonly now: () => Date;
  readonly reached: (point: Failpoint) => void;
}

/** One that takes printed coupons. */
export interface ScanTerminal extends OfflineTerminal {
  readonly link: Pick<RelayLink, 'ask'>;
  /** What is to become of a valid scan. */
  readonly decideScan: (scan: Scan, reply: ValidScan) => Promise<'confirm' | 'void'>;
}

export interface Terminal extends OfflineTerminal {
  readonly link: Pick<RelayLink, 'ask'>;
  /** What this process was shown. Numbers that another process read are gone with it. */
  readonly cards?: Cards;
  /** On-confirm only: what is to become of an approved sale. */
  readonly decide: (sale: Sale, approvals: readonly SettleReply[]) => Promise<Exclude<Decision, 'cancel'>>;
}

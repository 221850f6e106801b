import { InvalidArgumentError, Option, type Command } from 'commander';
import { SYMBOLOGIES, type Symbology } from '@couplet/contracts';
import { DECISIONS } from '../terminal/book.ts';
import { EXIT_CODES } from '../terminal/steps.ts';
import { exiting } from './exiting.ts';

/** Of every command of the terminal. */
export interface ReachOptions {
  relay?: string;
  connectMs: number;
  retryMs: number;
  patienceMs: number;
  currency: string;
  json: boolean;
}

/** Of those that write down what they do. */
export interface LinkOptions extends ReachOptions {
  journal: string;
  receipt: 'text' | 'escpos' | 'none';
  receiptFile?: string;
}

export interface CardOptions {
  cardFd?: number;
  cardReference?: string;
  cardKind: 'credit-card' | 'debit-card';
  cardToken?: string;
}

export interface SellOptions extends LinkOptions, CardOptions {
  basket?: string;
  amount?: string;
  store: string;
  terminal: string;
  purpose: string;
  capture: 'immediate' | 'on-confirm';
  onApproval: 'confirm' | 'void';
  acceptPartial: boolean;
  due: 'cash' | 'cancel';
  offlineLimit?: string;
}

export interface RefundOptions extends LinkOptions {
  lines?: { lineId: string; quantity?: string }[];
}

export interface ScanOptions extends LinkOptions {
  basket?: string;
  store: string;
  terminal: string;
  purpose: string;
  onApproval: 'confirm' | 'void';
}

export interface PrintCouponOptions extends ReachOptions, CardOptions {
  coupon?: string;
  product?: string;
  list: boolean;
  purpose: string;
  store?: string;
  onlyAt?: string[];
  symbology: Symbology;
  paper: 'escpos' | 'pdf';
  columns: '32' | '42' | '48';
  output?: string;
}

const EXITS = `
Exit codes: ${EXIT_CODES.sold} sold, goods may leave; ${EXIT_CODES.declined} declined; ${EXIT_CODES.voided} voided or cancelled;
${EXIT_CODES.refused} refused by the relay; ${EXIT_CODES.open} not known to be over: run "couplet terminal resume"; ${EXIT_CODES.unreachable} nobody was reached
and nothing was sent; 1 a mistake in the call.

Needs NATS_URL, NATS_USER and NATS_PASSWORD (each also as …_FILE): the credential of the terminal's relay.`;

const PRINT_EXITS = `
Exit codes: 0 printed; ${EXIT_CODES.declined} there is no such coupon, or several and none was chosen; ${EXIT_CODES.refused} refused; ${EXIT_CODES.unreachable} nobody answered
and nothing was printed; 1 a mistake in the call.`;

/** The reference terminal; what a command needs is loaded when it runs. */
export function addTerminalCommands(couplet: Command): void {
  const terminal = couplet
    .command('terminal')
    .description('the reference terminal: reads cards and a basket, settles, prints, confirms')
    .addHelpText('after', EXITS);

  addSaleOptions(addCardOptions(addLinkOptions(terminal.command('sell', { isDefault: true }))))
    .description(
      'one sale. Standard input: cards, one on each line, then an empty line, then the basket, ' +
        'each line as "productId quantity amount"; cards and basket may also come from elsewhere',
    )
    .option('--amount <amount>', 'in place of a basket, such as 12.00')
    .addOption(
      new Option('--capture <when>', 'on-confirm: charged when the sale is confirmed')
        .choices(['immediate', 'on-confirm'])
        .default('immediate'),
    )
    .addOption(
      new Option(
        '--on-approval <decision>',
        'with on-confirm: what to do with an approved sale (a person is asked)',
      )
        .choices(DECISIONS.filter((decision) => decision !== 'cancel'))
        .default('confirm'),
    )
    .option('--accept-partial', 'a card may pay a part; the next card pays the rest', false)
    .addOption(
      new Option('--due <how>', 'when cards run out before all is paid: take cash, or cancel the sale')
        .choices(['cash', 'cancel'])
        .default('cancel'),
    )
    .option('--offline-limit <amount>', 'approve up to this while nobody can be reached, without coupons')
    .addHelpText('after', EXITS)
    .action(
      exiting((options: SellOptions) => import('./terminal-sell.ts').then(({ sell }) => sell(options))),
    );

  addScanCommands(terminal);

  addCardOptions(addLinkOptions(terminal.command('resume')))
    .description(
      'finish what a terminal left that died or lost its link; show the same cards to repeat a sale',
    )
    .option('--cancel', 'cancel open sales instead', false)
    .addHelpText('after', EXITS)
    .action(
      exiting((options: LinkOptions & CardOptions & { cancel: boolean }) =>
        import('./terminal-resume.ts').then(({ resume }) => resume(options)),
      ),
    );

  addLinkOptions(terminal.command('refund'))
    .description('pay back lines of a sale, or all that is left of it')
    .argument('<sale>', 'the id on the receipt')
    .option('--lines <lines>', 'such as 1,3 or 2:1 (one piece of line 2)', refundLines)
    .addHelpText('after', EXITS)
    .action(
      exiting((sale: string, options: RefundOptions) =>
        import('./terminal-refund.ts').then(({ refund }) => refund(sale, options)),
      ),
    );
}

function addScanCommands(terminal: Command): void {
  addCardOptions(addReachOptions(terminal.command('print-coupon')))
    .description(
      'print a coupon with its bar code, for the shopper whose card is read. Standard input: cards, one on each line',
    )
    .option('--coupon <id>', 'which one; without it, the only one that is found')
    .option('--product <id>', 'of those that are for this product')
    .option('--list', 'say which there are, and print nothing', false)
    .option('--purpose <purpose>', 'what it is to be used for', 'purchase')
    .option('--store <id>', 'this store: coupons that it does not take are not found')
    .option('--only-at <stores>', 'stores that may take the print, such as 309,310 (default: all)', names)
    .addOption(
      new Option('--symbology <name>', 'bar code').choices(SYMBOLOGIES).default('qr' satisfies Symbology),
    )
    .addOption(
      new Option('--paper <format>', 'of a receipt printer, or a page')
        .choices(['escpos', 'pdf'])
        .default('escpos'),
    )
    .addOption(
      new Option('--columns <n>', 'characters across the receipt').choices(['32', '42', '48']).default('42'),
    )
    .option('--output <file>', 'a file or a printer such as /dev/usb/lp0 (default: standard output)')
    .addHelpText('after', PRINT_EXITS)
    .action(
      exiting((options: PrintCouponOptions) =>
        import('./terminal-print-coupon.ts').then(({ printCoupon }) => printCoupon(options)),
      ),
    );

  addSaleOptions(addLinkOptions(terminal.command('scan')))
    .description(
      'one sale with the bar code of a coupon, printed or on a phone; what it leaves to pay is taken in cash. ' +
        'Standard input: what the scanner reads, then an empty line, then the basket as of sell',
    )
    .addOption(
      new Option('--on-approval <decision>', 'what to do when the code is valid (a person is asked)')
        .choices(['confirm', 'void'])
        .default('confirm'),
    )
    .addHelpText('after', EXITS)
    .action(
      exiting((options: ScanOptions) => import('./terminal-scan.ts').then(({ scan }) => scan(options))),
    );
}

/** What a sale is, however it is paid. */
function addSaleOptions(command: Command): Command {
  return command
    .option('--basket <file>', 'lines as JSON or text')
    .option('--store <id>', 'this store', '1')
    .option('--terminal <id>', 'this terminal', '1')
    .option('--purpose <purpose>', 'what coupons are to be used for', 'purchase');
}

function addReachOptions(command: Command): Command {
  return command
    .option('--relay <name>', 'relay as which it asks (default: NATS_USER)')
    .option('--connect-ms <ms>', 'how long to try to reach somebody', milliseconds, 3_000)
    .option('--retry-ms <ms>', 'when a request without an answer is first repeated', milliseconds, 1_000)
    .option('--patience-ms <ms>', 'how long one step is repeated', milliseconds, 30_000)
    .option('--currency <code>', 'ISO 4217', currency, 'USD')
    .option('--json', 'one JSON object for each step', false);
}

function addLinkOptions(command: Command): Command {
  return addReachOptions(command)
    .option('--journal <file>', 'memory of this terminal; no other may use it', 'couplet-terminal.jsonl')
    .addOption(
      new Option('--receipt <format>', 'how it is printed')
        .choices(['text', 'escpos', 'none'])
        .default('text'),
    )
    .option(
      '--receipt-file <file>',
      'where: a file or a printer such as /dev/usb/lp0 (default: standard output)',
    );
}

function addCardOptions(command: Command): Command {
  return command
    .option('--card-fd <n>', 'read cards from this file descriptor', milliseconds)
    .option('--card-reference <handle>', "the relay's own handle, in place of a number")
    .addOption(
      new Option('--card-kind <kind>', 'of the reference')
        .choices(['credit-card', 'debit-card'])
        .default('credit-card'),
    )
    .option('--card-token <token>', 'by which coupons of the reference are found');
}

function milliseconds(text: string): number {
  if (!/^\d{1,8}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

function currency(text: string): string {
  if (!/^[A-Z]{3}$/.test(text)) throw new InvalidArgumentError('It must be an ISO 4217 code such as USD.');
  return text;
}

function names(text: string): string[] {
  return text.split(',').filter((name) => name !== '');
}

function refundLines(text: string): RefundOptions['lines'] {
  return text.split(',').map((line) => {
    const [lineId, quantity, ...rest] = line.split(':');
    if (!lineId || rest.length > 0) throw new InvalidArgumentError('It must be like 1,3 or 2:1.');
    return { lineId, ...(quantity && { quantity }) };
  });
}

import { connectNats } from '@couplet/nats';
import { AuthorizationError } from '@nats-io/transport-node';
import { ConfigError, failpoint } from '@couplet/service-host';
import { appendFile } from 'node:fs/promises';
import { v7 as newId } from 'uuid';
import { Journal } from '../terminal/journal.ts';
import { receiptEscPos, receiptText } from '../terminal/print-receipt.ts';
import { receiptRows } from '../terminal/receipt-rows.ts';
import type { Receipt } from '../terminal/receipt.ts';
import { RelayLink } from '../terminal/relay-link.ts';
import { stepText } from '../terminal/step-text.ts';
import type { Step } from '../terminal/steps.ts';
import type { OfflineTerminal } from '../terminal/terminal.ts';
import { natsAccess } from './nats-access.ts';
import type { LinkOptions, ReachOptions } from './terminal-options.ts';

/** A terminal as a process: its journal is a file, its printer a file or standard output. */
export async function withTerminal<Result>(
  options: LinkOptions,
  work: (terminal: OfflineTerminal) => Promise<Result>,
): Promise<Result> {
  const journal = await Journal.open(options.journal);
  const tell = (step: Step) => tellStep(step, options);
  const print = (receipt: Receipt) => printReceipt(receipt, options, tell);
  const terminal = { journal, tell, print, newId: () => newId(), now: () => new Date(), reached: failpoint };
  return work(terminal).finally(() => journal.close());
}

/**
 * Asks settlement-relay as the terminal's relay.
 *
 * @returns undefined when nobody could be reached; then nothing was sent
 * @throws ConfigError if the environment does not say where NATS is
 */
export async function withLink<Result>(
  options: ReachOptions,
  work: (link: RelayLink) => Promise<Result>,
): Promise<Result | undefined> {
  const access = natsAccess();
  const relay = options.relay ?? access.user;
  if (relay === undefined) throw new ConfigError(['NATS_USER is missing (or --relay)']);
  const connection = await connectNats({
    ...access,
    name: relay,
    firstTimeoutMs: options.connectMs,
  }).catch((error: Error) => {
    // Whoever may not connect is not offline, and must not sell as if he were.
    if (error instanceof AuthorizationError)
      throw new ConfigError(['NATS_USER and NATS_PASSWORD are refused']);
    console.error(`${access.url} cannot be reached: ${error.message}`);
    return undefined;
  });
  return connection && work(new RelayLink(connection, relay, options)).finally(() => connection.close());
}

/** @param say where it is told; default: standard output */
export function tellStep(
  step: Step,
  { json, currency }: Pick<LinkOptions, 'json' | 'currency'>,
  say: (told: string) => void = console.log,
): void {
  if (json) {
    const minorUnits = (_: string, value: unknown) => (typeof value === 'bigint' ? Number(value) : value);
    say(JSON.stringify(step, minorUnits));
    return;
  }
  const told = stepText(step, currency);
  if (told) say(told);
}

async function printReceipt(
  receipt: Receipt,
  { receipt: format, receiptFile }: LinkOptions,
  tell: (step: Step) => void,
): Promise<void> {
  const rows = receiptRows(receipt);
  if (format === 'none') return;
  if (receiptFile === undefined) tell({ step: 'receipt', text: receiptText(rows) });
  else {
    const printed = format === 'text' ? receiptText(rows) : receiptEscPos(rows, receipt.saleId);
    await appendFile(receiptFile, printed);
  }
}

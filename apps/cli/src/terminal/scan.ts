import {
  ConfirmScanV1,
  ScanCodeV1,
  type ScanReply,
  ScanRequest,
  ScanStatusV1,
  VoidScanV1,
} from '@couplet/contracts';
import { z } from 'zod';
import { DataError } from '../journey/data-error.ts';
import type { Scan, ScannedPurchase } from './book.ts';
import { mayBegin } from './one-at-a-time.ts';
import { originalAmountOf, scanReceipt } from './receipt.ts';
import type { Outcome } from './steps.ts';
import type { ScanTerminal } from './terminal.ts';

/**
 * One sale with the code of a coupon, printed or on a phone. It is held first and used by the confirm, so a sale that
 * comes to nothing costs the shopper no coupon. In the journal before it is on the wire, as every sale.
 *
 * @param code as the scanner sends it, or the digits below the picture
 * @returns `declined` when the code is not valid for this sale; `open` also when the sale before has not ended
 * @throws DataError if the purchase does not fit the contract; then nothing was written or sent
 */
export async function sellScanned(
  code: string,
  purchase: ScannedPurchase,
  onApproval: Scan['onApproval'],
  terminal: ScanTerminal,
): Promise<Outcome> {
  if (!mayBegin(terminal)) return 'open';
  const scan = { scanId: terminal.newId(), purchase, onApproval };
  requestOf(scan, code);
  await terminal.journal.write({ entry: 'scan-begun', ...scan });
  terminal.reached('terminal.after-journal');
  return carryOnScan(scan, terminal, code);
}

/**
 * Brings a scan to its end from wherever the journal has it. Goods leave on `sold` alone, which is the answer to confirm.
 *
 * @param code without it what barcode knows of the scan is taken; what it does not know is voided, as it may be on its way
 */
export async function carryOnScan(scan: Scan, terminal: ScanTerminal, code?: string): Promise<Outcome> {
  const { scanId } = scan;
  const outcome = await outcomeOf(scan, terminal, code);
  if (outcome !== 'open') await terminal.journal.write({ entry: 'scan-ended', scanId, outcome });
  terminal.tell({ step: 'ended', saleId: scanId, outcome });
  return outcome;
}

async function outcomeOf(scan: Scan, terminal: ScanTerminal, code: string | undefined): Promise<Outcome> {
  if (scan.decision === 'void') return undone(scan, 'voided', terminal);
  const told = code === undefined ? await known(scan, terminal) : await asked(scan, code, terminal);
  terminal.reached('terminal.after-answer');
  if (told === 'open') return 'open';
  if (told === 'refused' || told === 'cancelled') {
    return undone(await decidedScan(scan, 'void', terminal), told, terminal);
  }
  if (told.result === 'invalid') {
    terminal.tell({ step: 'invalid', scanId: scan.scanId, reason: told.reason });
    return 'declined';
  }
  terminal.tell({ step: 'valid', originalAmount: originalAmountOf(scan.purchase), reply: told });
  const decision = scan.decision ?? (await terminal.decideScan(scan, told));
  const withDecision = await decidedScan(scan, decision, terminal);
  if (decision === 'void') return undone(withDecision, 'voided', terminal);
  const confirmed = await confirm(scan, terminal);
  if (confirmed !== 'confirmed') return confirmed;
  terminal.reached('terminal.after-confirm');
  await terminal.print(scanReceipt(scan, told));
  terminal.reached('terminal.after-receipt');
  return 'sold';
}

/** @returns `cancelled` without an answer: it may have been held, so it has to be voided */
async function asked(
  scan: Scan,
  code: string,
  { link, tell }: ScanTerminal,
): Promise<ScanReply | 'refused' | 'cancelled'> {
  const onWait = (tries: number) => tell({ step: 'waiting', id: scan.scanId, verb: 'scan-code', tries });
  const answer = await link.ask(ScanCodeV1, requestOf(scan, code), { onWait });
  switch (answer.kind) {
    case 'silence':
      return 'cancelled';
    case 'reply':
      return answer.reply;
    case 'refused': {
      const { code, message } = answer.problem;
      tell({ step: 'refused', verb: 'scan-code', code, detail: message });
      return 'refused';
    }
  }
}

/** What became of a scan whose code this process was not shown. Asking decides nothing. */
async function known(
  { scanId, purchase: { storeId } }: Scan,
  { link, tell }: ScanTerminal,
): Promise<ScanReply | 'cancelled' | 'open'> {
  const onWait = (tries: number) => tell({ step: 'waiting', id: scanId, verb: 'scan-status', tries });
  const answer = await link.ask(ScanStatusV1, { storeId, scanId }, { onWait });
  if (answer.kind !== 'reply') return 'open';
  return answer.reply.reply ?? 'cancelled';
}

async function confirm(
  { scanId, purchase: { storeId } }: Scan,
  { link, tell }: ScanTerminal,
): Promise<'confirmed' | 'voided' | 'open'> {
  const onWait = (tries: number) => tell({ step: 'waiting', id: scanId, verb: 'confirm-scan', tries });
  const answer = await link.ask(ConfirmScanV1, { storeId, scanId }, { onWait });
  if (answer.kind === 'silence') return 'open';
  return answer.kind === 'refused' ? 'voided' : answer.reply.outcome;
}

/** Does not rest before the void is acknowledged: then the coupon is its holder's again, and a new sale may begin. */
async function undone(
  { scanId, purchase: { storeId } }: Scan,
  outcome: Outcome,
  { link, tell }: ScanTerminal,
): Promise<Outcome> {
  const onWait = (tries: number) => tell({ step: 'waiting', id: scanId, verb: 'void-scan', tries });
  const answer = await link.ask(VoidScanV1, { storeId, scanId }, { onWait });
  if (answer.kind === 'reply') return outcome;
  if (answer.kind === 'refused') {
    const { code, message } = answer.problem;
    tell({ step: 'refused', verb: 'void-scan', code, detail: message });
  }
  return 'open';
}

/** The decision, on disk before anything of it is on the wire. */
export async function decidedScan(
  scan: Scan,
  decision: 'confirm' | 'void',
  { journal, tell, reached }: ScanTerminal,
): Promise<Scan> {
  const { scanId } = scan;
  if (scan.decision === decision) return scan;
  await journal.write({ entry: 'scan-decided', scanId, decision });
  tell({ step: 'decided', saleId: scanId, decision });
  reached('terminal.after-decision');
  return { ...scan, decision };
}

/** What no coupon may touch is not shown to it. */
function requestOf({ scanId, purchase: { lines, ...purchase } }: Scan, code: string): ScanRequest {
  const open = lines.filter(({ discountable }) => discountable);
  const request = ScanRequest.safeParse({
    ...{ scanId, code, ...purchase, finish: 'on-confirm' },
    lines: open.map(({ lineId, productId, quantity, unit, amount }) => {
      return { lineId, productId, quantity, unit, amount };
    }),
  });
  if (request.success) return request.data;
  throw new DataError(`The sale does not fit:\n${z.prettifyError(request.error)}`);
}

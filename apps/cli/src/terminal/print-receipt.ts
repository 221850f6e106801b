import ReceiptPrinterEncoder from '@point-of-sale/receipt-printer-encoder';
import type { Row } from './receipt-rows.ts';

/** Characters on a line of an 80 mm printer in its ordinary font. */
const COLUMNS = 42;

export function receiptText(rows: readonly Row[]): string {
  return `${rows.flatMap(linesOf).join('\n')}\n`;
}

/** The same receipt in ESC/POS, with its total in bold and the sale as a QR code, so that a refund need not key it in. */
export function receiptEscPos(rows: readonly Row[], saleId: string): Uint8Array {
  const encoder = new ReceiptPrinterEncoder({ language: 'esc-pos', columns: COLUMNS, feedBeforeCut: 4 });
  encoder.initialize().codepage('auto');
  for (const row of rows) {
    encoder.bold(row.kind === 'total');
    for (const line of linesOf(row)) encoder.line(line);
  }
  return encoder.bold(false).align('center').qrcode(saleId).align('left').cut().encode();
}

function linesOf(row: Row): string[] {
  switch (row.kind) {
    case 'rule':
      return ['-'.repeat(COLUMNS)];
    case 'centred':
      return wrapped(row.text, COLUMNS).map((line) => `${' '.repeat((COLUMNS - line.length) >> 1)}${line}`);
    case 'plain':
      return wrapped(row.text, COLUMNS);
    case 'sum':
    case 'total': {
      const room = COLUMNS - row.amount.length - 1;
      const lines = wrapped(row.text, room);
      const last = lines.pop() ?? '';
      return [...lines, `${last.padEnd(room)} ${row.amount}`];
    }
  }
}

/** Cut at blanks where there are any, with the indent of the first line. */
function wrapped(text: string, columns: number): string[] {
  const indent = /^ */.exec(text)![0];
  const lines: string[] = [];
  let line = indent;
  for (const word of text.trim().split(/ +/)) {
    for (const part of word.match(new RegExp(`.{1,${columns - indent.length}}`, 'gu')) ?? []) {
      const joined = line === indent ? line + part : `${line} ${part}`;
      if (joined.length <= columns) line = joined;
      else {
        lines.push(line);
        line = indent + part;
      }
    }
  }
  return [...lines, line];
}

import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ProblemError } from '@couplet/contracts';
import type { ScannedPurchase } from './book.ts';
import { Journal } from './journal.ts';
import { receiptText } from './print-receipt.ts';
import { receiptRows } from './receipt-rows.ts';
import type { Receipt } from './receipt.ts';
import { carryOnScan, sellScanned } from './scan.ts';
import type { ScanTerminal } from './terminal.ts';

const SILENCE = 'silence';
const CODE = '12715512197834218535573155233578457249871795266178';
const CONFIRMED = { outcome: 'confirmed' };
const VOIDED = { outcome: 'voided' };

let directory: string;
let journal: Journal;
let printed: Receipt[];
beforeEach(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'couplet-scan-'));
  journal = await Journal.open(path.join(directory, 'journal'));
  printed = [];
});
afterEach(async () => {
  await journal.close();
  rmSync(directory, { recursive: true });
});

describe('a scan', () => {
  it('shows the coupon what it may touch, is sold on the answer to confirm, and printed after it', async () => {
    const barcode = new Barcode({ 'scan-code': [valid()], 'confirm-scan': [CONFIRMED] });
    expect(await sell(barcode)).toBe('sold');
    expect(barcode.asked).toEqual(['scan-code', 'confirm-scan']);
    expect(barcode.bodies[0]).toMatchObject({ code: CODE, finish: 'on-confirm', lines: [{ lineId: '1' }] });
    expect(printed).toMatchObject([{ originalAmount: 411n, discount: 100n, amount: 311n }]);
    expect(journal.book.scans.size).toBe(0);
  });

  it('is voided when nobody answers, and open until that is acknowledged', async () => {
    expect(await sell(new Barcode({ 'scan-code': [SILENCE], 'void-scan': [VOIDED] }))).toBe('cancelled');
    expect(await sell(new Barcode({ 'scan-code': [SILENCE], 'void-scan': [SILENCE] }))).toBe('open');
    const next = new Barcode({});
    expect(await sell(next)).toBe('open');
    expect(next.asked).toEqual([]);
    expect(await carryOn(new Barcode({ 'void-scan': [VOIDED] }))).toBe('voided');
    expect(printed).toEqual([]);
  });

  it('is not known to be over while confirm is unanswered, and goes on with it later', async () => {
    expect(await sell(new Barcode({ 'scan-code': [valid()], 'confirm-scan': [SILENCE] }))).toBe('open');
    expect(await carryOn(new Barcode({ 'scan-status': [SILENCE] }))).toBe('open');
    expect(printed).toEqual([]);
    const later = new Barcode({ 'scan-status': [{ reply: valid() }], 'confirm-scan': [CONFIRMED] });
    expect(await carryOn(later)).toBe('sold');
    expect(printed).toHaveLength(1);
  });

  it.each([
    ['comes too late', [VOIDED]],
    ['is refused', [new ProblemError('not-found', 'no')]],
  ])('is not sold when its confirm %s', async (_, confirms) => {
    expect(await sell(new Barcode({ 'scan-code': [valid()], 'confirm-scan': confirms }))).toBe('voided');
    expect(printed).toEqual([]);
  });

  it('that is refused is voided, since an earlier try of it may be on its way', async () => {
    const barcode = new Barcode({
      'scan-code': [new ProblemError('invalid-request', 'no')],
      'void-scan': [VOIDED],
    });
    expect(await sell(barcode)).toBe('refused');
  });

  it('that barcode has never seen is voided by whoever goes on with it', async () => {
    const scan = { scanId: randomUUID(), purchase: PURCHASE, onApproval: 'confirm' } as const;
    await journal.write({ entry: 'scan-begun', ...scan });
    const barcode = new Barcode({ 'scan-status': [{ state: 'unknown' }], 'void-scan': [VOIDED] });
    expect(await carryOn(barcode)).toBe('cancelled');
  });
});

it('prints what is credited later as no discount', async () => {
  const reply = { ...valid(), discount: 0n, credit: 100n };
  const coupons = reply.coupons.map((coupon) => ({ ...coupon, settledBy: 'statement-credit' }));
  await sell(new Barcode({ 'scan-code': [{ ...reply, coupons }], 'confirm-scan': [CONFIRMED] }));
  const text = receiptText(receiptRows(printed[0]!));
  expect(text).toContain('TOTAL USD                             4.11\n');
  expect(text).toContain('You get 1.00 credited later\n');
  expect(text).not.toContain('-1.00');
});

const PURCHASE: ScannedPurchase = {
  ...{ storeId: '1', terminalId: '1', purpose: 'purchase', currency: 'USD' },
  scannedAt: '2026-11-21T05:57:28Z',
  lines: [
    { lineId: '1', productId: 'cereal', quantity: '2', unit: 'each', amount: 386, discountable: true },
    { lineId: '2', productId: 'deposit', quantity: '1', unit: 'each', amount: 25, discountable: false },
  ],
};

function valid() {
  const coupon = { couponId: '', offerId: '', title: '1.00 off', discount: 100n, funding: [] };
  return {
    ...{ result: 'valid', state: 'held', currency: 'USD', discount: 100n, credit: 0n, lines: [] },
    coupons: [{ ...coupon, lines: [{ lineId: '1', discount: 100n }] }],
  };
}

function sell(barcode: Barcode) {
  return sellScanned(CODE, PURCHASE, 'confirm', at(barcode));
}

/** By a terminal that was started after the one that was shown the code. */
function carryOn(barcode: Barcode) {
  return carryOnScan(journal.book.scans.values().next().value!, at(barcode));
}

/** Answers each verb from its list, and remembers what it was asked. */
class Barcode {
  readonly asked: string[] = [];
  readonly bodies: unknown[] = [];

  constructor(private readonly answers: Record<string, readonly unknown[]>) {}

  ask: ScanTerminal['link']['ask'] = async ({ verb }, body) => {
    const answer = this.answers[verb]?.[this.asked.filter((asked) => asked === verb).length];
    if (answer === undefined) throw new Error(`nobody expected to be asked to ${verb}`);
    this.asked.push(verb);
    this.bodies.push(body);
    if (answer === SILENCE) return { kind: 'silence' };
    if (answer instanceof ProblemError) return { kind: 'refused', problem: answer };
    return { kind: 'reply', reply: answer as never };
  };
}

function at(link: Barcode): ScanTerminal {
  return {
    ...{ journal, link, newId: randomUUID, now: () => new Date() },
    ...{ tell: () => undefined, reached: () => undefined },
    decideScan: async ({ onApproval }) => onApproval,
    print: async (receipt) => void printed.push(receipt),
  };
}

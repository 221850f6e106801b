import type { BasketLine, SettleRequest } from '@couplet/contracts';
import { z } from 'zod';

/** A settle request in JSON of the wire. */
export type WireRequest = z.input<typeof SettleRequest>;

/** One settle request of a sale, as it may lie on a disk. */
const Attempt = z.object({
  attemptId: z.uuid(),
  body: z.custom<WireRequest>(isObject).describe('Without numbers of cards: they stay in memory.'),
  whole: z.boolean().describe('Nothing had to be left out: it can be sent as it stands.'),
  tender: z.string().optional().describe('What pays, by its last four digits. Absent: no card.'),
});
export type Attempt = Readonly<z.output<typeof Attempt>>;

/** What is bought with a printed coupon, in JSON of the wire. Who has its code has the coupon, so that stays in memory. */
export interface ScannedPurchase {
  readonly storeId: string;
  readonly terminalId: string;
  readonly scannedAt: string;
  readonly purpose: string;
  readonly currency: string;
  readonly lines: readonly z.input<typeof BasketLine>[];
}

export const DECISIONS = ['confirm', 'void', 'cancel'] as const;
export type Decision = (typeof DECISIONS)[number];

/**
 * What a terminal writes down before it does it. A sale is known by the attempt it began with; a message is a request that
 * is repeated until it is answered, after any crash.
 */
export const Entry = z.discriminatedUnion('entry', [
  z.object({
    entry: z.literal('begun'),
    saleId: z.uuid(),
    attempt: Attempt,
    due: z.enum(['cash', 'cancel']).describe('What to do when cards run out before it is paid.'),
    onApproval: z.enum(['confirm', 'void']),
  }),
  z.object({ entry: z.literal('continued'), saleId: z.uuid(), attempt: Attempt }),
  z.object({ entry: z.literal('decided'), saleId: z.uuid(), decision: z.enum(DECISIONS) }),
  z.object({ entry: z.literal('ended'), saleId: z.uuid(), outcome: z.string() }),
  z.object({
    entry: z.literal('message'),
    messageId: z.uuid(),
    saleId: z.string(),
    verb: z.enum(['advise', 'refund']),
    body: z.looseObject({}),
  }),
  z.object({ entry: z.literal('answered'), messageId: z.uuid(), answer: z.string() }),
  z.object({
    entry: z.literal('scan-begun'),
    scanId: z.uuid(),
    purchase: z.custom<ScannedPurchase>(isObject),
    onApproval: z.enum(['confirm', 'void']),
  }),
  z.object({ entry: z.literal('scan-decided'), scanId: z.uuid(), decision: z.enum(['confirm', 'void']) }),
  z.object({ entry: z.literal('scan-ended'), scanId: z.uuid(), outcome: z.string() }),
]);
export type Entry = z.output<typeof Entry>;

export interface Sale {
  readonly saleId: string;
  readonly due: 'cash' | 'cancel';
  readonly onApproval: 'confirm' | 'void';
  /** The first one begins the sale; each further one pays what was still due. */
  readonly attempts: readonly Attempt[];
  readonly decision?: Decision;
}

export type Message = Omit<Extract<Entry, { entry: 'message' }>, 'entry'>;

/** A sale with a printed coupon. */
export interface Scan {
  readonly scanId: string;
  readonly purchase: ScannedPurchase;
  readonly onApproval: 'confirm' | 'void';
  readonly decision?: 'confirm' | 'void';
}

/** What is not finished. */
export interface Book {
  readonly sales: ReadonlyMap<string, Sale>;
  readonly scans: ReadonlyMap<string, Scan>;
  readonly messages: ReadonlyMap<string, Message>;
}

export const EMPTY: Book = { sales: new Map(), scans: new Map(), messages: new Map() };

/** @throws if an entry is about a sale that never began: the file is not this terminal's */
export function noted(book: Book, entry: Entry): Book {
  const sales = new Map(book.sales);
  const scans = new Map(book.scans);
  const messages = new Map(book.messages);
  const sale = (id: string): Sale => {
    const known = sales.get(id);
    if (!known) throw new Error(`the journal has no open sale ${id}`);
    return known;
  };
  switch (entry.entry) {
    case 'begun': {
      const { saleId, due, onApproval, attempt } = entry;
      sales.set(saleId, { saleId, due, onApproval, attempts: [attempt] });
      break;
    }
    case 'continued': {
      const before = sale(entry.saleId);
      sales.set(entry.saleId, { ...before, attempts: [...before.attempts, entry.attempt] });
      break;
    }
    case 'decided':
      sales.set(entry.saleId, { ...sale(entry.saleId), decision: entry.decision });
      break;
    case 'ended':
      sales.delete(entry.saleId);
      break;
    case 'message': {
      const { messageId, saleId, verb, body } = entry;
      messages.set(messageId, { messageId, saleId, verb, body });
      break;
    }
    case 'answered':
      messages.delete(entry.messageId);
      break;
    case 'scan-begun': {
      const { scanId, purchase, onApproval } = entry;
      scans.set(scanId, { scanId, purchase, onApproval });
      break;
    }
    case 'scan-decided': {
      const before = scans.get(entry.scanId);
      if (!before) throw new Error(`the journal has no open scan ${entry.scanId}`);
      scans.set(entry.scanId, { ...before, decision: entry.decision });
      break;
    }
    case 'scan-ended':
      scans.delete(entry.scanId);
      break;
  }
  return { sales, scans, messages };
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

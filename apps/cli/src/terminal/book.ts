import type { SettleRequest } from '@couplet/contracts';
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

/** What is not finished. */
export interface Book {
  readonly sales: ReadonlyMap<string, Sale>;
  readonly messages: ReadonlyMap<string, Message>;
}

export const EMPTY: Book = { sales: new Map(), messages: new Map() };

/** @throws if an entry is about a sale that never began: the file is not this terminal's */
export function noted(book: Book, entry: Entry): Book {
  const sales = new Map(book.sales);
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
  }
  return { sales, messages };
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

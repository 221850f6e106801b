import { randomUUID } from 'node:crypto';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { attemptOf, requestOf, type Purchase } from './attempt.ts';
import type { Entry } from './book.ts';
import { readCards } from './cards.ts';
import { Journal } from './journal.ts';

const NUMBER = '4111111111111111';
const CARDS = readCards(`${NUMBER}\npoint-card grocer 2261`);
const BY_REFERENCE = { tenders: [{ kind: 'credit-card' as const, reference: 'handle-7' }], media: [] };

let file: string;
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'couplet-journal-'));
  file = path.join(directory, 'journal');
});
afterEach(() => rmSync(directory, { recursive: true }));

describe('the journal of a terminal', () => {
  it('gives back what is open, and only that', async () => {
    const [open, ended] = [begun(), begun()];
    await written(ended, open, { entry: 'ended', saleId: ended.saleId, outcome: 'sold' });
    const { sales } = await read();
    expect([...sales.keys()]).toEqual([open.saleId]);
  });

  it('knows of a sale what was decided and which attempts it has', async () => {
    const sale = begun();
    const { saleId } = sale;
    const attempt = attemptOf(purchase(), 1, CARDS);
    await written(
      sale,
      { entry: 'continued', saleId, attempt },
      { entry: 'decided', saleId, decision: 'void' },
    );
    expect((await read()).sales.get(saleId)).toEqual({
      saleId,
      ...{ due: 'cash', onApproval: 'confirm', decision: 'void', attempts: [sale.attempt, attempt] },
    });
  });

  it('holds no number of a card, and nobody else may read it', async () => {
    await written(begun());
    expect(readFileSync(file, 'utf8')).not.toMatch(/411111|2261/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('drops what a crash cut off: it was not done', async () => {
    const sale = begun();
    await written(sale);
    appendFileSync(file, '{"entry":"ended","saleId":"' + sale.saleId);
    await written({ entry: 'decided', saleId: sale.saleId, decision: 'cancel' });
    expect((await read()).sales.get(sale.saleId)?.decision).toBe('cancel');
  });

  it('is emptied when everything in it is finished', async () => {
    const messageId = randomUUID();
    await written({ entry: 'message', messageId, saleId: messageId, verb: 'refund', body: {} });
    expect((await read()).messages.size).toBe(1);
    await written({ entry: 'answered', messageId, answer: 'done' });
    expect((await read()).messages.size).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe('');
  });

  it('refuses a file that is something else', async () => {
    appendFileSync(file, 'cereal 2 3.86\n');
    await expect(Journal.open(file)).rejects.toThrow(/no journal of a terminal/);
  });
});

describe('an attempt after a restart', () => {
  it('can be sent again with the same cards, and is then the same request', () => {
    const attempt = attemptOf(purchase(), 0, CARDS);
    const after = JSON.parse(JSON.stringify(attempt)) as typeof attempt;
    expect(requestOf(after, 0, undefined)).toBeUndefined();
    expect(requestOf(after, 0, CARDS)).toEqual(requestOf(attempt, 0, CARDS));
    expect(requestOf(after, 0, CARDS)).toMatchObject({ payment: { id: NUMBER }, amount: 386n });
  });

  it('can be sent again as it stands when nothing in it is secret', () => {
    const attempt = attemptOf(purchase(), 0, BY_REFERENCE);
    expect(requestOf(attempt, 0, undefined)).toMatchObject({ payment: { reference: 'handle-7' } });
  });

  it('of a second card carries nothing of the first', () => {
    const first = attemptOf(purchase(), 0, BY_REFERENCE);
    const second = attemptOf({ ...first.body, attemptId: randomUUID() }, 1, {
      tenders: [...BY_REFERENCE.tenders, ...CARDS.tenders],
      media: [],
    });
    expect(JSON.stringify(second)).not.toContain('handle-7');
  });
});

function purchase(): Purchase {
  const line = { lineId: '1', productId: 'cereal', quantity: '2', unit: 'each', discountable: true };
  return {
    ...{ attemptId: randomUUID(), storeId: '1', terminalId: '1', purpose: 'purchase', currency: 'USD' },
    ...{ presentedAt: '2026-11-21T05:57:28Z', amount: 386, lines: [{ ...line, amount: 386 }] },
  };
}

function begun(): Extract<Entry, { entry: 'begun' }> {
  const attempt = attemptOf(purchase(), 0, CARDS);
  return { entry: 'begun', saleId: attempt.attemptId, attempt, due: 'cash', onApproval: 'confirm' };
}

async function written(...entries: Entry[]): Promise<void> {
  const journal = await Journal.open(file);
  for (const entry of entries) await journal.write(entry);
  await journal.close();
}

async function read() {
  const journal = await Journal.open(file);
  await journal.close();
  return journal.book;
}

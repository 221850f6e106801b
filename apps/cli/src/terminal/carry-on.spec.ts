import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ProblemError, type ProblemCode, type SettleReply } from '@couplet/contracts';
import type { Purchase } from './attempt.ts';
import type { Sale } from './book.ts';
import { carryOn } from './carry-on.ts';
import { readCards } from './cards.ts';
import { Journal } from './journal.ts';
import { approveOffline } from './offline.ts';
import type { Receipt } from './receipt.ts';
import { sell } from './sell.ts';
import type { Terminal } from './terminal.ts';

const CARDS = readCards('4111111111111111\n5105105105105100');
const CONFIRM = { due: 'cancel', onApproval: 'confirm' } as const;
const SILENCE = 'silence';

let directory: string;
let journal: Journal;
let printed: Receipt[];
beforeEach(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'couplet-sale-'));
  journal = await Journal.open(path.join(directory, 'journal'));
  printed = [];
});
afterEach(async () => {
  await journal.close();
  rmSync(directory, { recursive: true });
});

describe('a sale', () => {
  it('is sold on the answer to confirm, and printed after it', async () => {
    const relay = new Relay({ settle: [approved()], confirm: [{ outcome: 'confirmed' }] });
    expect(await sell(PURCHASE, CONFIRM, at(relay))).toBe('sold');
    expect(relay.asked).toEqual(['settle', 'confirm']);
    expect(printed).toMatchObject([{ amount: 286n, paid: [{ by: 'credit card ****1111' }] }]);
    expect(journal.book.sales.size).toBe(0);
  });

  it('is not sold when the answer to confirm says it was voided', async () => {
    const relay = new Relay({
      settle: [approved()],
      confirm: [{ outcome: 'voided' }],
      cancel: [{ outcome: 'cancelled' }],
    });
    expect(await sell(PURCHASE, CONFIRM, at(relay))).toBe('voided');
    expect(printed).toEqual([]);
  });

  it('is not known to be over while confirm is unanswered, and goes on with it later', async () => {
    expect(await sell(PURCHASE, CONFIRM, at(new Relay({ settle: [approved()], confirm: [SILENCE] })))).toBe(
      'open',
    );
    expect(printed).toEqual([]);
    const later = new Relay({ status: [granted()], confirm: [{ outcome: 'confirmed' }] });
    expect(await carryOn(openSale(), after(later))).toBe('sold');
    expect(later.asked).toEqual(['status', 'confirm']);
    expect(printed).toHaveLength(1);
  });

  it('is charged at once with an immediate capture, and needs no confirm', async () => {
    const relay = new Relay({ settle: [approved({ confirmBy: undefined })] });
    expect(await sell(PURCHASE, CONFIRM, at(relay))).toBe('sold');
    expect(relay.asked).toEqual(['settle']);
  });

  it('is voided when the cashier says so', async () => {
    const relay = new Relay({ settle: [approved()], void: [{ outcome: 'voided' }] });
    expect(await sell(PURCHASE, { ...CONFIRM, onApproval: 'void' }, at(relay))).toBe('voided');
    expect(relay.asked).toEqual(['settle', 'void']);
  });

  it('is declined without a trace', async () => {
    const relay = new Relay({ settle: [{ ...approved(), outcome: 'declined', declineReason: 'expired' }] });
    expect(await sell(PURCHASE, CONFIRM, at(relay))).toBe('declined');
    expect(journal.book.sales.size).toBe(0);
  });
});

describe('a terminal that gave up', () => {
  it('cancels what it asked, and begins nothing before that is acknowledged', async () => {
    const silent = new Relay({ settle: [SILENCE], cancel: [SILENCE] });
    expect(await sell(PURCHASE, CONFIRM, at(silent))).toBe('open');
    expect(silent.asked).toEqual(['settle', 'cancel']);

    const back = new Relay({ cancel: [{ outcome: 'cancelled' }] });
    expect(await sell(PURCHASE, CONFIRM, at(back))).toBe('open');
    expect(await approveOffline(PURCHASE, 1_000n, CARDS, at(back))).toBe('open');
    expect(back.asked).toEqual([]);

    expect(await carryOn(openSale(), at(back))).toBe('cancelled');
    expect(back.asked).toEqual(['cancel']); // Never a settle again.
    expect(journal.book.sales.size).toBe(0);
  });

  it('cancels what the relay refused, for an earlier try of it may have been heard', async () => {
    const relay = new Relay({ settle: [refused('invalid-request')], cancel: [{ outcome: 'cancelled' }] });
    expect(await sell(PURCHASE, CONFIRM, at(relay))).toBe('refused');
  });
});

describe('a terminal that died', () => {
  it.each([
    ['knows it as granted', [granted()], 'sold', ['status', 'confirm']],
    ['does not know it: it may be on its way', [{ state: 'unknown' }], 'cancelled', ['status', 'cancel']],
    ['ended it', [{ state: 'abandoned' }], 'declined', ['status']],
  ])('without the card asks what became of the sale; the relay %s', async (_, status, outcome, asked) => {
    await dead();
    const relay = new Relay({
      status,
      confirm: [{ outcome: 'confirmed' }],
      cancel: [{ outcome: 'cancelled' }],
    });
    expect(await carryOn(openSale(), after(relay))).toBe(outcome);
    expect(relay.asked).toEqual(asked);
  });

  it('repeats the sale when it is shown the card again', async () => {
    await dead();
    const relay = new Relay({ settle: [approved()], confirm: [{ outcome: 'confirmed' }] });
    expect(await carryOn(openSale(), at(relay))).toBe('sold');
    expect(relay.bodies[0]).toMatchObject({
      attemptId: relay.attempts[0],
      payment: { id: '4111111111111111' },
    });
  });

  it('takes the sale as it is when it is shown another card', async () => {
    await dead();
    const relay = new Relay({
      settle: [refused('attempt-conflict')],
      status: [granted()],
      confirm: [{ outcome: 'confirmed' }],
    });
    expect(await carryOn(openSale(), at(relay))).toBe('sold');
    expect(relay.asked).toEqual(['settle', 'status', 'confirm']);
  });

  async function dead(): Promise<void> {
    const dies = {
      ...at(new Relay({})),
      reached: () => {
        throw new Error('killed');
      },
    };
    await expect(sell(PURCHASE, CONFIRM, dies)).rejects.toThrow('killed');
  }
});

describe('a card that pays a part', () => {
  const partly = approved({ approvedAmount: 200n, amountDue: 86n });

  it('is followed by the next one, for what is due, and both are confirmed', async () => {
    const confirmed = { outcome: 'confirmed' };
    const relay = new Relay({ settle: [partly, approved({ amount: 86n })], confirm: [confirmed, confirmed] });
    expect(await sell(PURCHASE, CONFIRM, at(relay))).toBe('sold');
    const [first, second] = relay.attempts;
    expect(relay.bodies[1]).toMatchObject({
      attemptId: second,
      continues: first,
      ...{ amount: 86n, lines: [], media: [], payment: { id: '5105105105105100' } },
    });
    expect(printed[0]?.paid.map(({ by, amount }) => [by, amount])).toEqual([
      ['credit card ****1111', 200n],
      ['credit card ****5100', 86n],
    ]);
  });

  it('pays nothing when nobody pays the rest: every attempt is cancelled, the last first', async () => {
    const declined = { ...approved(), outcome: 'declined' };
    const cancelled = { outcome: 'cancelled' };
    const relay = new Relay({ settle: [partly, declined], cancel: [cancelled, cancelled] });
    expect(await sell(PURCHASE, CONFIRM, at(relay))).toBe('cancelled');
    const [first, second] = relay.attempts;
    expect(relay.bodies.slice(2)).toEqual([{ attemptId: second }, { attemptId: first }]);
  });

  it('leaves the rest to cash when the till takes it', async () => {
    const relay = new Relay({ settle: [partly], confirm: [{ outcome: 'confirmed' }] });
    const oneCard = { ...at(relay), cards: { ...CARDS, tenders: CARDS.tenders.slice(0, 1) } };
    expect(await sell(PURCHASE, { ...CONFIRM, due: 'cash' }, oneCard)).toBe('sold');
    expect(printed[0]?.paid.at(-1)).toEqual({ by: 'cash', amount: 86n });
  });
});

describe('an offline terminal', () => {
  it('approves up to its limit, and its advice is on disk before the receipt is printed', async () => {
    const terminal = { ...at(new Relay({})), print: async () => expect(journal.book.messages.size).toBe(1) };
    expect(await approveOffline(PURCHASE, 386n, CARDS, terminal)).toBe('approved-offline');
    const [message] = journal.book.messages.values();
    expect(message).toMatchObject({
      verb: 'advise',
      body: { advice: { kind: 'offline-approval', amount: 386 } },
    });
    expect(JSON.stringify(message)).not.toContain('411111');
  });

  it.each([
    ['above its limit', 385n, CARDS],
    ['without a card', 386n, readCards('point-card grocer 2261')],
  ])('approves nothing %s', async (_, limit, cards) => {
    expect(await approveOffline(PURCHASE, limit, cards, at(new Relay({})))).toBe('declined');
    expect(journal.book.messages.size).toBe(0);
  });
});

const PURCHASE: Omit<Purchase, 'attemptId'> = {
  ...{ storeId: '1', terminalId: '1', purpose: 'purchase', currency: 'USD', amount: 386 },
  ...{ presentedAt: '2026-11-21T05:57:28Z', capture: 'on-confirm', acceptPartialApproval: true },
  lines: [{ lineId: '1', productId: 'cereal', quantity: '2', unit: 'each', amount: 386, discountable: true }],
};

function openSale(): Sale {
  return journal.book.sales.values().next().value!;
}

function approved(changes: Partial<SettleReply> = {}): SettleReply {
  return {
    ...{
      attemptId: '',
      settlementId: randomUUID(),
      outcome: 'approved',
      currency: 'USD',
      originalAmount: 386n,
    },
    ...{ discount: 100n, amount: 286n, coupons: [], benefits: [], couponSearch: 'found' },
    confirmBy: '2026-11-21T05:59:28Z',
    ...changes,
  };
}

function granted() {
  return { state: 'granted', reply: approved() };
}

function refused(code: ProblemCode): ProblemError {
  return new ProblemError(code, 'no');
}

/** Answers each verb from its list, and remembers what it was asked. */
class Relay {
  readonly asked: string[] = [];
  readonly bodies: Record<string, unknown>[] = [];

  constructor(private readonly answers: Record<string, readonly unknown[]>) {}

  get attempts(): unknown[] {
    return this.bodies.map(({ attemptId }) => attemptId);
  }

  ask: Terminal['link']['ask'] = async ({ verb }, body) => {
    const request = body as Record<string, unknown>;
    const answer = this.answers[verb]?.[this.asked.filter((asked) => asked === verb).length];
    if (answer === undefined) throw new Error(`nobody expected to be asked to ${verb}`);
    this.asked.push(verb);
    this.bodies.push(request);
    if (answer === SILENCE) return { kind: 'silence' };
    if (answer instanceof ProblemError) return { kind: 'refused', problem: answer };
    const { attemptId } = request;
    const { reply } = answer as { reply?: object };
    return {
      kind: 'reply',
      reply: { ...answer, attemptId, ...(reply && { reply: { ...reply, attemptId } }) } as never,
    };
  };
}

/** A terminal that was shown the cards. */
function at(link: Relay) {
  return { ...after(link), cards: CARDS };
}

/** A terminal that was started after the one that was shown the cards. */
function after(link: Relay): Terminal {
  return {
    ...{
      journal,
      link,
      tell: () => undefined,
      newId: randomUUID,
      now: () => new Date(),
      reached: () => undefined,
    },
    decide: async ({ onApproval }) => onApproval,
    print: async (receipt) => void printed.push(receipt),
  };
}

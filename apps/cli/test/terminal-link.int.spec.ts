import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connectNats } from '@couplet/nats';
import { bothWays, startLink, type Link } from '../src/faults/link/start-link.ts';
import { reconcile } from '../src/referee/reconcile.ts';
import { readCards } from '../src/terminal/cards.ts';
import { Journal } from '../src/terminal/journal.ts';
import type { Receipt } from '../src/terminal/receipt.ts';
import { RelayLink } from '../src/terminal/relay-link.ts';
import { sell } from '../src/terminal/sell.ts';
import type { Outcome } from '../src/terminal/steps.ts';
import { RELAY } from '../src/topology/nats-users.ts';
import { CEREAL, TerminalShop } from './terminal-shop.ts';
import { until } from './until.ts';

/** Repeats a run: the decisions of the link for the same messages in the same order. */
const SEED = Number(process.env['COUPLET_SEED'] ?? 10);
const [TERMINALS, SALES_EACH] = [10, 10];
const PATIENCE = { retryMs: 150, patienceMs: 120_000 };
/** On the air a message is late, lost, doubled or overtaken more often than not. */
const WEATHER = bothWays({ delayMs: { min: 1, max: 60 }, drop: 0.2, duplicate: 0.2, reorder: 0.2 });
/** No deadline of the relay decides here, however slow the machine. */
const PATIENT = {
  'settlement-relay': {
    SEARCH_DEADLINE_MS: '20000',
    ATTEMPT_DEADLINE_MS: '40000',
    RESERVATION_DEADLINE_MS: '60000',
    CONFIRM_DEADLINE_MS: '240000',
  },
};

let shop: TerminalShop;
let link: Link;
let directory: string;
beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'couplet-link-'));
  shop = await TerminalShop.open({ settings: PATIENT });
  link = await startLink({ target: shop.topology.accessOf(RELAY).url, seed: SEED });
}, 120_000);
afterAll(async () => {
  rmSync(directory, { recursive: true });
  await link?.close();
  await shop?.close();
}, 60_000);

it(`[000-10] behind a wireless link that loses, doubles, overtakes, delays, falls silent and comes back, ${TERMINALS * SALES_EACH} sales end as one on a sound link does`, async () => {
  const [asOnASoundLink] = await salesOf(1);
  expect(asOnASoundLink).toMatchObject({ outcome: 'sold', receipt: { amount: 286n, discount: 100n } });

  link.set(WEATHER);
  let sold = 0;
  const rough = Array.from({ length: TERMINALS }, () => salesOf(SALES_EACH, () => (sold += 1)));
  const lost = async (share: number, happens: () => void) => {
    await until(async () => sold >= TERMINALS * SALES_EACH * share);
    happens();
  };
  await lost(0.25, () => link.strand()); // Half-open: dead, and nobody is told.
  await lost(0.5, () => link.set({ cut: true }));
  link.set(WEATHER);
  await lost(0.75, () => link.strand());
  const sales = [asOnASoundLink!, ...(await Promise.all(rough)).flat()];
  link.heal();

  console.log(`seed ${SEED}:`, link.stats);
  expect(link.stats.dropped).toBeGreaterThan(0);
  expect(link.stats.duplicated).toBeGreaterThan(0);
  expect(link.stats.reordered).toBeGreaterThan(0);
  const { underWay, differences, settlements } = await reconcile(shop.topology, []);
  expect({ seed: SEED, underWay, differences }).toEqual({ seed: SEED, underWay: [], differences: [] });
  expect(settlements).toBe(sales.length);

  const network = await shop.authorizations();
  expect(network).toHaveLength(sales.length); // One authorization for each, so never a second hold.
  for (const one of network) expect(one).toMatchObject({ state: 'captured', captured: 286n, held: 0n });
  const last4 = new Set(network.map((one) => one.last4));
  for (const { outcome, receipt, card } of sales) {
    expect({ outcome, receipt: receipt && alike(receipt) }).toEqual({
      outcome: 'sold',
      receipt: alike(asOnASoundLink!.receipt!),
    });
    expect(receipt!.paid[0]!.by).toBe(`credit card ****${card.slice(-4)}`);
    expect(last4).toContain(card.slice(-4));
  }
}, 240_000);

interface Sold {
  outcome: Outcome;
  receipt: Receipt | undefined;
  card: string;
}

/** A terminal with a connection and a journal of its own sells to one shopper after the other. */
async function salesOf(count: number, onSold: () => void = () => undefined): Promise<Sold[]> {
  const connection = await connectNats({ ...shop.topology.accessOf(RELAY), url: link.url });
  const journal = await Journal.open(path.join(directory, randomUUID()));
  const sales: Sold[] = [];
  for (let sale = 0; sale < count; sale += 1) {
    const { card } = await shop.shopper();
    let receipt: Receipt | undefined;
    const outcome = await sell(
      {
        ...{ storeId: '309', terminalId: '4', purpose: 'purchase', currency: 'USD', amount: CEREAL.amount },
        presentedAt: new Date().toISOString(),
        capture: sale % 2 === 0 ? 'on-confirm' : 'immediate',
        lines: [{ lineId: '1', ...CEREAL }],
      },
      { due: 'cancel', onApproval: 'confirm' },
      {
        ...{ journal, link: new RelayLink(connection, RELAY, PATIENCE), cards: readCards(card) },
        ...{ newId: randomUUID, now: () => new Date(), tell: () => undefined, reached: () => undefined },
        decide: async ({ onApproval }) => onApproval,
        print: async (printed) => void (receipt = printed),
      },
    );
    sales.push({ outcome, receipt, card });
    onSold();
  }
  await journal.close();
  await connection.close();
  return sales;
}

/** What a receipt says, whoever bought and whenever. */
function alike({ paid, ...receipt }: Receipt) {
  return { ...receipt, saleId: '', at: '', paid: paid.map(({ amount }) => amount) };
}

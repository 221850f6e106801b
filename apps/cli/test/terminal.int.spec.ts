import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { AuthorizeV1, CreditsOwedV1, networkSubject, requestSubject, SettleV1 } from '@couplet/contracts';
import { jest } from '@jest/globals';
import { startLink } from '../src/faults/link/start-link.ts';
import { reconcile } from '../src/referee/reconcile.ts';
import { EXIT_CODES } from '../src/terminal/steps.ts';
import { OBSERVER, RELAY, SEARCH_SENT } from '../src/topology/nats-users.ts';
import { runCouplet, stepsOf, type Ran } from './terminal-command.ts';
import { TerminalShop } from './terminal-shop.ts';
import { until } from './until.ts';

const BASKET = '\n\ncereal 2 3.86\n';
/** No deadline of the relay decides here, however slow the machine. */
const PATIENT = {
  'settlement-relay': {
    SEARCH_DEADLINE_MS: '20000',
    ATTEMPT_DEADLINE_MS: '40000',
    RESERVATION_DEADLINE_MS: '60000',
  },
};

jest.setTimeout(180_000); // Every run of the terminal is a process.

let shop: TerminalShop;
let directory: string;
beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'couplet-terminal-'));
  shop = await TerminalShop.open({ settings: PATIENT });
}, 120_000);
afterAll(async () => {
  rmSync(directory, { recursive: true });
  await shop?.close();
}, 60_000);

it('[000-8] [000-18] the terminal that takes the credit card is the one that finds its coupon, through the relay, and charges and prints the discounted price', async () => {
  const { card } = await shop.shopper();
  const ran = await terminal(['--store', '309', '--terminal', '4'], { input: card + BASKET });

  expect(ran).toMatchObject({ code: EXIT_CODES.sold, stderr: '' });
  const ids = / \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ|(?<=approval )\d+|(?<=Sale )[0-9a-f-]{36}/g;
  expect(ran.stdout.replace(ids, '#').replaceAll(card.slice(-4), '1111')).toBe(
    `Asking for credit card ****1111 ...
Approved: USD 2.86 (3.86 less coupons of 1.00)
          Store 309, terminal 4
          #
------------------------------------------
cereal 2                              3.86
  1.00 off cereal                    -1.00
------------------------------------------
Before coupons                        3.86
Coupons                              -1.00
TOTAL USD                             2.86
Paid by credit card ****1111          2.86
  approval #
------------------------------------------
Sale #

Sold: the goods may leave.
`,
  );
  await until(async () => (await authorizationOf(card))?.state === 'captured');
  expect(await authorizationOf(card)).toMatchObject({ authorized: 386n, captured: 286n, held: 0n });
});

it('[003-82] a coupon that is credited later: the shopper pays the full price, the receipt says what comes back, and the same card gets it', async () => {
  const { card } = await shop.shopper('credited');
  const ran = await terminal(['--store', '309', '--terminal', '4'], { input: card + BASKET });

  expect(ran).toMatchObject({ code: EXIT_CODES.sold, stderr: '' });
  expect(ran.stdout).toContain('Approved: USD 3.86, 1.00 credited later\n');
  expect(ran.stdout).toMatch(
    /TOTAL USD +3\.86\nPaid by credit card .* 3\.86\n {2}approval \d+\nTo be credited to your card +1\.00\n---/,
  );
  expect(ran.stdout).not.toMatch(/Coupons|1\.00 back/);
  await until(async () => (await authorizationOf(card))?.refunded === 100n);
  expect(await authorizationOf(card)).toMatchObject({ authorized: 386n, captured: 386n, held: 0n });
  const today = new Date().toISOString().slice(0, 10);
  await until(async () => {
    const { credits } = await shop.operator.ask(CreditsOwedV1, { from: today, to: today });
    return credits.some(({ credit, paid, owed }) => credit === 100n && paid === 100n && owed === 0n);
  });

  const journal = path.join(directory, 'credited');
  const other = (await shop.shopper('credited')).card;
  const sold = await terminal(['--json'], { input: other + BASKET, journal });
  const sale = String(stepsOf(sold).at(-1)?.['saleId']);
  const back = await terminal(['refund', sale, '--json'], { journal });
  expect(stepsOf(back)).toMatchObject([{ step: 'answered', reply: { amount: 286, cardAmount: 286 } }]);
  const { underWay, differences } = await reconcile(shop.topology, []);
  expect({ underWay, differences }).toEqual({ underWay: [], differences: [] });
  expect(await authorizationOf(other)).toMatchObject({ captured: 386n, refunded: 386n });
});

it('[000-9] [000-19] by the one request of the terminal the card is authorized and coupons are searched at the same time', async () => {
  const observer = await shop.topology.connect(OBSERVER);
  const seen: { subject: string; reply: string | undefined }[] = [];
  observer.subscribe('>', { callback: (_, { subject, reply }) => void seen.push({ subject, reply }) });
  await observer.flush();

  const ran = await terminal([], { input: (await shop.shopper()).card + BASKET });
  expect(ran.code).toBe(EXIT_CODES.sold);
  await observer.flush();

  const settles = seen.filter(({ subject }) => subject === requestSubject(SettleV1, RELAY));
  expect(settles).toHaveLength(1);
  const at = (wanted: string) => seen.findIndex(({ subject }) => subject === wanted);
  const [authorize, search] = [at(networkSubject(AuthorizeV1, RELAY)), at(SEARCH_SENT)];
  const answers = [authorize, search].map((index) => at(seen[index]!.reply!));
  expect(Math.min(authorize, search)).toBeGreaterThan(seen.indexOf(settles[0]!));
  expect(Math.max(authorize, search)).toBeLessThan(Math.min(...answers));
  await observer.close();
});

describe('a terminal that was killed', () => {
  it.each([
    ['terminal.after-journal', 'before it asked'],
    ['terminal.after-answer', 'with the approval in hand'],
    ['terminal.after-decision', 'before it confirmed'],
    ['terminal.after-confirm', 'before it printed'],
    ['terminal.after-receipt', 'before it wrote down the end'],
  ])('at %s, %s, carries on with the same sale when it is shown the card again', async (failpoint) => {
    const { card } = await shop.shopper();
    const journal = newJournal();
    const killed = await terminal(['--capture', 'on-confirm'], { input: card + BASKET, failpoint, journal });
    expect(killed.signal).toBe('SIGKILL');
    const another = await terminal([], { input: card + BASKET, journal });
    expect(another).toMatchObject({ code: EXIT_CODES.open });

    const resumed = await terminal(['resume', '--card-fd', '0', '--json'], { input: card, journal });
    expect(resumed.code).toBe(EXIT_CODES.sold);
    expect(stepsOf(resumed).find(({ step }) => step === 'receipt')?.['text']).toMatch(/TOTAL USD +2\.86\n/);
    await until(async () => (await authorizationOf(card))?.state === 'captured');
    expect(await authorizationsOf(card)).toMatchObject([{ captured: 286n, held: 0n }]);
  });

  it('before it asked, without the card, cancels: a request that is still on its way cannot charge', async () => {
    const { card } = await shop.shopper();
    const journal = newJournal();
    await terminal([], { input: card + BASKET, failpoint: 'terminal.after-journal', journal });

    const resumed = await terminal(['resume', '--json'], { journal });
    expect(resumed.code).toBe(EXIT_CODES.cancelled);
    expect(await authorizationsOf(card)).toEqual([]);
    expect(await terminal([], { input: card + BASKET, journal })).toMatchObject({ code: EXIT_CODES.sold });
  });
});

it('without an answer cancels, begins nothing before the cancel is acknowledged, and takes no late approval for a sale', async () => {
  const link = await startLink({ target: shop.topology.accessOf(RELAY).url, seed: 1 });
  const { card } = await shop.shopper();
  const journal = newJournal();
  const over = { url: link.url, input: card + BASKET, journal };
  // Requests arrive, answers do not: the card is charged, and nobody at the till knows.
  link.set({ down: { drop: 1, subjects: ['_INBOX'] } });
  const lost = await terminal(['--retry-ms', '100', '--patience-ms', '1500'], over);
  expect(lost.code).toBe(EXIT_CODES.open);
  expect(lost.stdout).toContain('Nothing may leave');
  await until(async () => (await authorizationOf(card))?.held === 0n);

  expect(await terminal([], over)).toMatchObject({ code: EXIT_CODES.open });
  expect(await terminal(['--offline-limit', '100.00'], { ...over, url: 'nats://127.0.0.1:9' })).toMatchObject(
    {
      code: EXIT_CODES.open,
    },
  );
  link.heal();
  expect(await terminal(['resume'], { url: link.url, journal })).toMatchObject({
    code: EXIT_CODES.cancelled,
  });
  expect(await terminal([], over)).toMatchObject({ code: EXIT_CODES.sold });
  const charged = async () =>
    (await authorizationsOf(card)).reduce((sum, { captured, refunded }) => sum + captured - refunded, 0n);
  await until(async () => (await charged()) === 286n);
  await link.close();
});

it('that reaches nobody sends nothing and says so', async () => {
  const nowhere = { url: 'nats://127.0.0.1:9', input: (await shop.shopper()).card + BASKET };
  expect(await terminal([], nowhere)).toMatchObject({ code: EXIT_CODES.unreachable });
  const above = await terminal(['--offline-limit', '3.85'], nowhere);
  expect(above).toMatchObject({ code: EXIT_CODES.declined });
  expect(above.stdout).toContain('Declined: offline-limit');
});

it.each([
  ['a basket that cannot be read', ['--card-reference', 'r'], 'cereal 2 386\n', 'Basket line 1'],
  ['a card that cannot be read', [], `swipe again${BASKET}`, 'Card line 1 cannot be read'],
  ['an unknown way to capture', ['--capture', 'later'], '', 'Allowed choices are immediate, on-confirm'],
])('refuses %s before anything is sent', async (_, args, input, says) => {
  const ran = await terminal(args, { input });
  expect(ran).toMatchObject({ code: 1, stdout: '' });
  expect(ran.stderr).toContain(says);
});

it('leaves no number of a card in a journal', () => {
  const journals = readdirSync(directory).map((name) => readFileSync(path.join(directory, name), 'utf8'));
  expect(journals.join('')).not.toMatch(/\d{12,19}(?=")/);
});

let journals = 0;
function newJournal(): string {
  return path.join(directory, `journal-${(journals += 1)}`);
}

function terminal(
  args: string[],
  options: { input?: string; failpoint?: string; journal?: string; url?: string } = {},
): Promise<Ran> {
  const { journal = newJournal(), url, ...rest } = options;
  const access = shop.topology.accessOf(RELAY);
  return runCouplet({ ...access, url: url ?? access.url }, ['terminal', ...args, '--journal', journal], rest);
}

async function authorizationsOf(card: string) {
  return (await shop.authorizations()).filter(({ last4 }) => last4 === card.slice(-4));
}

async function authorizationOf(card: string) {
  return (await authorizationsOf(card)).at(-1);
}

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { jest } from '@jest/globals';
import { ListCasesV1, ScriptV1 } from '@couplet/contracts';
import { EXIT_CODES } from '../src/terminal/steps.ts';
import { RELAY } from '../src/topology/nats-users.ts';
import { runCouplet, stepsOf, type Ran } from './terminal-command.ts';
import { TerminalShop } from './terminal-shop.ts';
import { until } from './until.ts';

/** Cards of the simulator that always behave one way. */
const [APPROVES_200, REFUSES_CAPTURE] = ['4000000000000010', '4000000000000051'];
const NOWHERE = 'nats://127.0.0.1:9';
const BEGAN_AT = new Date();

jest.setTimeout(180_000); // Every run of the terminal is a process.

let shop: TerminalShop;
let directory: string;
beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'couplet-terminal-'));
  shop = await TerminalShop.open({
    settings: {
      'settlement-relay': {
        SEARCH_DEADLINE_MS: '20000',
        ATTEMPT_DEADLINE_MS: '40000',
        RESERVATION_DEADLINE_MS: '60000',
      },
    },
  });
}, 120_000);
afterAll(async () => {
  rmSync(directory, { recursive: true });
  await shop?.close();
}, 60_000);

describe('a card that pays a part', () => {
  it('is followed by the next card, and both are charged together', async () => {
    const { card, pointCard } = await shop.shopper();
    const cards = `${APPROVES_200}\npoint-card grocer ${pointCard}\n${card}`;
    const ran = await terminal(['--accept-partial', '--capture', 'on-confirm', '--json'], {
      input: `${cards}\n\ncereal 2 3.86\n`,
    });
    expect(ran.code).toBe(EXIT_CODES.sold);
    expect(receiptIn(ran)).toMatch(
      /TOTAL USD +2\.86\nPaid by credit card \*{4}0010 +2\.00\n.*\nPaid by .* +0\.86\n/,
    );
    await until(async () => (await capturedOf(APPROVES_200)) === 200n && (await capturedOf(card)) === 86n);
  });

  it('is followed by the same next card after the terminal was killed in between', async () => {
    const { card } = await shop.shopper();
    const before = await capturedOf(APPROVES_200);
    const cards = `${APPROVES_200}\n${card}`;
    const [journal, failpoint] = [path.join(directory, 'continued'), 'terminal.after-continue'];
    const input = `${cards}\n\nmilk 1 4.00\n`;
    const onConfirm = ['--accept-partial', '--capture', 'on-confirm'];
    expect(await terminal(onConfirm, { input, failpoint, journal })).toMatchObject({ signal: 'SIGKILL' });
    expect(await terminal(['resume', '--card-fd', '0'], { input: cards, journal })).toMatchObject({
      code: EXIT_CODES.sold,
    });
    await until(async () => (await capturedOf(card)) === 200n);
    await until(async () => (await capturedOf(APPROVES_200)) === before + 200n);
  });

  it('is charged nothing when nobody pays the rest', async () => {
    const before = await capturedOf(APPROVES_200);
    const ran = await terminal(['--accept-partial'], { input: `${APPROVES_200}\n\nmilk 1 4.00\n` });
    expect(ran).toMatchObject({ code: EXIT_CODES.cancelled });
    expect(ran.stdout).toContain('Still due: USD 2.00, and nobody pays it');
    await until(async () => (await authorizationsOf(APPROVES_200)).every(({ held }) => held === 0n));
    expect(await capturedOf(APPROVES_200)).toBe(before);
  });
});

it('pays back lines at the price they were sold at, then what is left, and no more', async () => {
  const { card } = await shop.shopper();
  const sold = await terminal(['--json'], { input: `${card}\n\ncereal 2 3.86\nmilk 1 2.00\n` });
  const sale = String(stepsOf(sold).at(-1)?.['saleId']);
  await until(async () => (await capturedOf(card)) === 486n);

  const cereal = await terminal(['refund', sale, '--lines', '1', '--json']);
  expect(stepsOf(cereal)).toMatchObject([{ step: 'answered', reply: { amount: 286, cardAmount: 286 } }]);
  const rest = await terminal(['refund', sale, '--json']);
  expect(stepsOf(rest)).toMatchObject([{ step: 'answered', reply: { amount: 200 } }]);
  await until(async () => (await capturedOf(card)) === 0n);
  expect(await terminal(['refund', sale])).toMatchObject({ code: EXIT_CODES.refused });
});

it('approves offline up to its limit without coupons, and tells the relay when it is back, until that is acknowledged', async () => {
  const { card } = await shop.shopper();
  const journal = path.join(directory, 'offline');
  const ran = await terminal(['--offline-limit', '10.00', '--connect-ms', '500'], {
    input: `${card}\n\ncereal 2 3.86\n`,
    url: NOWHERE,
    journal,
  });
  expect(ran).toMatchObject({ code: EXIT_CODES['approved-offline'] });
  expect(ran.stdout).toMatch(/TOTAL USD +3\.86\n/);
  expect(await terminal(['resume', '--connect-ms', '500'], { url: NOWHERE, journal })).toMatchObject({
    code: EXIT_CODES.unreachable,
  });

  const dead = path.join(directory, 'offline-dead');
  const killed = { input: `${card}\n\ncereal 2 3.86\n`, failpoint: 'terminal.after-offline' };
  await terminal(['--offline-limit', '10.00'], { ...killed, url: NOWHERE, journal: dead });
  expect(readFileSync(dead, 'utf8')).toContain('"kind":"offline-approval"'); // Before the receipt, so before the goods leave.

  // The card network has it from the terminal's own line to it.
  const { advice } = (JSON.parse(readFileSync(journal, 'utf8')) as { body: { advice: object } }).body;
  const script = ScriptV1.request.parse({ offlineSales: [{ ...advice, card }] });
  await shop.operator.ask(ScriptV1, script);
  const resumed = await terminal(['resume', '--json'], { journal });
  expect(resumed.code).toBe(EXIT_CODES.sold);
  expect(stepsOf(resumed)).toMatchObject([{ step: 'answered', verb: 'advise' }]);
  await until(async () => (await capturedOf(card)) === 386n);
  expect(readFileSync(journal, 'utf8')).toContain('"entry":"answered"');
});

it('what a card network refuses for good is on the list until a person closes it, and the day knows how all ended', async () => {
  await terminal([], { input: `${REFUSES_CAPTURE}\n\nmilk 1 2.00\n` });
  await until(async () => (await openCases()) === 1);
  const listed = await operator(['cases']);
  expect(listed.code).toBe(1);
  const [, row] = listed.stdout.split('\n');
  expect(row).toMatch(/2\.00 USD .* retry, cancel/);
  const caseId = row!.split(' ')[0]!;
  expect((await operator(['cases', 'show', caseId])).stdout).toMatch(/^settlement .* granted|confirmed/m);

  const { card } = await shop.shopper();
  const onConfirm = ['--capture', 'on-confirm'];
  const journal = path.join(directory, 'dead');
  await terminal(onConfirm, {
    input: `${card}\n\ncereal 2 3.86\n`,
    failpoint: 'terminal.after-answer',
    journal,
  });
  const day = await operator(['end-of-day', ...today()]);
  expect(day).toMatchObject({ code: 1 });
  expect(day.stdout).toMatch(/^listed +1$/m);
  expect(day.stdout).toContain('Not at rest, being tried now:');

  const close = ['cases', 'close', caseId, 'cancel', '--by', 'ada', '--note', 'the shopper has gone'];
  expect(await operator(close)).toMatchObject({ code: 0 });
  await until(async () => (await openCases()) === 0);
  expect(await operator(['cases'])).toMatchObject({ code: 0, stdout: 'Nothing needs a person.\n' });
  expect(await terminal(['resume'], { journal })).toMatchObject({ code: EXIT_CODES.sold });
  await until(async () => (await shop.authorizations()).every(({ held }) => held === 0n));
  expect((await operator(['end-of-day', ...today()])).stdout).toMatch(/^captured +\d+$/m);
});

let journals = 0;
function terminal(
  args: string[],
  options: { input?: string; failpoint?: string; journal?: string; url?: string } = {},
): Promise<Ran> {
  const { journal = path.join(directory, String((journals += 1))), url, ...rest } = options;
  const access = shop.topology.accessOf(RELAY);
  const all = ['terminal', ...args, '--journal', journal];
  return runCouplet({ ...access, url: url ?? access.url }, all, rest);
}

function operator(args: string[]): Promise<Ran> {
  return runCouplet(shop.topology.accessOf('operator'), args);
}

async function openCases(): Promise<number> {
  return (await shop.operator.ask(ListCasesV1, { limit: 10 })).cases.length;
}

function today(): string[] {
  const to = new Date(Date.now() + 60_000);
  return ['--from', BEGAN_AT.toISOString(), '--to', to.toISOString()];
}

function receiptIn(ran: Ran): string {
  return String(stepsOf(ran).find(({ step }) => step === 'receipt')?.['text']);
}

/** What a card was charged, less what it got back. */
async function capturedOf(card: string): Promise<bigint> {
  const its = await authorizationsOf(card);
  return its.reduce((sum, { captured, refunded }) => sum + captured - refunded, 0n);
}

async function authorizationsOf(card: string) {
  return (await shop.authorizations()).filter(({ last4 }) => last4 === card.slice(-4));
}

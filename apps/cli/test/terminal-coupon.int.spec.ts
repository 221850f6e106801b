import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { jest } from '@jest/globals';
import { paperOf, scannedInPdf } from '../../barcode/test/paper.ts';
import { EXIT_CODES } from '../src/terminal/steps.ts';
import { RELAY } from '../src/topology/nats-users.ts';
import { runCouplet, stepsOf, type Ran } from './terminal-command.ts';
import { TerminalShop } from './terminal-shop.ts';

const BASKET = '\n\ncereal 2 3.86\ndeposit 1 0.25 no-coupons\n';

jest.setTimeout(180_000); // Every run of the terminal is a process.

let shop: TerminalShop;
let directory: string;
beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'couplet-coupon-'));
  // No deadline of barcode decides here, however slow the machine.
  shop = await TerminalShop.open({ settings: { barcode: { CONFIRM_WITHIN_MS: '600000' } } });
}, 120_000);
afterAll(async () => {
  rmSync(directory, { recursive: true });
  await shop?.close();
}, 60_000);

it('[000-5] [000-6] [000-15] [000-16] the terminal that read a card prints its coupon with a bar code, and takes what it printed in a sale, once', async () => {
  const { card } = await shop.shopper();
  const file = newFile();
  const printed = await terminal(['print-coupon', '--output', file], { input: card });
  expect(printed).toMatchObject({ code: EXIT_CODES.sold, stderr: '' });
  expect(printed.stdout).toMatch(/^Printed: 1.00 off cereal, good until \d{4}-\d\d-\d\d\n$/);

  const { text, scanned } = await paperOf(readFileSync(file));
  expect(text).toContain('1.00 off cereal');
  const sold = await terminal(['scan', '--store', '309', '--terminal', '4'], { input: scanned + BASKET });
  expect(sold).toMatchObject({ code: EXIT_CODES.sold, stderr: '' });
  const ids = / \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ|(?<=Sale )[0-9a-f-]{36}/g;
  expect(sold.stdout.replace(ids, '#')).toBe(
    `Valid: USD 3.11 to pay (4.11 less coupons of 1.00)
          Store 309, terminal 4
          #
------------------------------------------
cereal 2                              3.86
  1.00 off cereal                    -1.00
deposit 1                             0.25
------------------------------------------
Before coupons                        4.11
Coupons                              -1.00
TOTAL USD                             3.11
Paid by cash                          3.11
------------------------------------------
Sale #

Sold: the goods may leave.
`,
  );

  const again = await terminal(['scan'], { input: scanned + BASKET });
  expect(again).toMatchObject({ code: EXIT_CODES.declined, stdout: 'Not valid: already-used\nNot sold.\n' });
  const byCard = await terminal(['--json'], { input: `${card}\n\ncereal 1 3.86\n` });
  expect(stepsOf(byCard).find(({ step }) => step === 'approved')).toMatchObject({ reply: { discount: 0 } });
});

it('[000-5] [000-16] a page is printed to standard output, and nothing else with it', async () => {
  const { pointCard } = await shop.shopper();
  const input = `point-card grocer ${pointCard}`;
  const printed = await terminal(['print-coupon', '--paper', 'pdf', '--symbology', 'aztec'], { input });
  expect(printed).toMatchObject({ code: EXIT_CODES.sold });
  expect(printed.stderr).toContain('Printed: 1.00 off cereal');
  expect(printed.bytes.subarray(-6).toString()).toContain('%%EOF');
  const scanned = await scannedInPdf(printed.bytes);
  const voided = await terminal(['scan', '--on-approval', 'void'], { input: scanned + BASKET });
  expect(voided).toMatchObject({ code: EXIT_CODES.voided });
  expect(await terminal(['scan'], { input: scanned + BASKET })).toMatchObject({ code: EXIT_CODES.sold });
});

it('says which coupons a shopper has, and prints none that is not chosen among them', async () => {
  const input = (await shop.shopper()).card;
  const listed = await terminal(['print-coupon', '--list', '--json'], { input });
  expect(stepsOf(listed)).toMatchObject([{ step: 'coupons', coupons: [{ title: '1.00 off cereal' }] }]);
  const other = ['print-coupon', '--coupon', '01a1fcde-2504-7782-b0c4-8f9b78fcba28'];
  expect(await terminal(other, { input })).toMatchObject({
    code: EXIT_CODES.declined,
    stdout: '',
    stderr: expect.stringContaining('Give --coupon'),
  });
  const none = await terminal(['print-coupon', '--list', '--product', 'milk'], { input });
  expect(none).toMatchObject({ code: EXIT_CODES.sold, stdout: 'There is no coupon.\n' });
});

it('prints for the stores it is told, and no other takes it', async () => {
  const { input } = await printedFor(['--only-at', '310,311']);
  const here = await terminal(['scan', '--store', '309'], { input });
  expect(here).toMatchObject({ code: EXIT_CODES.declined, stdout: 'Not valid: wrong-store\nNot sold.\n' });
  expect(await terminal(['scan', '--store', '311'], { input })).toMatchObject({ code: EXIT_CODES.sold });
});

describe('a terminal that was killed with a printed coupon in hand', () => {
  it.each(['after-answer', 'after-decision', 'after-confirm', 'after-receipt'])(
    '%s, goes on with that sale without the code',
    async (point) => {
      const { input, journal } = await printedFor();
      const killed = await terminal(['scan'], { input, journal, failpoint: `terminal.${point}` });
      expect(killed.signal).toBe('SIGKILL');
      expect(await terminal(['scan'], { input, journal })).toMatchObject({ code: EXIT_CODES.open });

      const resumed = await terminal(['resume'], { journal });
      expect(resumed).toMatchObject({ code: EXIT_CODES.sold });
      expect(resumed.stdout).toMatch(/TOTAL USD +3\.11\n/);
      expect(await terminal(['scan'], { input })).toMatchObject({ code: EXIT_CODES.declined });
    },
  );

  it('before it asked, voids: the coupon is still its holder’s', async () => {
    const { input, journal } = await printedFor();
    await terminal(['scan'], { input, journal, failpoint: 'terminal.after-journal' });
    expect(readFileSync(journal, 'utf8')).not.toContain(input.split('\n')[0]);
    expect(await terminal(['resume'], { journal })).toMatchObject({ code: EXIT_CODES.cancelled });
    expect(await terminal(['scan'], { input, journal })).toMatchObject({ code: EXIT_CODES.sold });
  });

  it('with the approval in hand, voids when it is told so', async () => {
    const { input, journal } = await printedFor();
    await terminal(['scan'], { input, journal, failpoint: 'terminal.after-decision' });
    expect(await terminal(['resume', '--cancel'], { journal })).toMatchObject({ code: EXIT_CODES.voided });
    expect(await terminal(['scan'], { input, journal })).toMatchObject({ code: EXIT_CODES.sold });
  });
});

it.each([
  ['a scan of nothing', ['scan'], '\n\ncereal 1 3.86\n', 'There is no code to scan.'],
  ['a print without a card', ['print-coupon'], '', 'Show a card'],
  ['a paper that there is not', ['print-coupon', '--paper', 'a4'], '', 'Allowed choices are escpos, pdf'],
])('refuses %s before anything is sent', async (_, args, input, says) => {
  const ran = await terminal(args, { input });
  expect(ran).toMatchObject({ code: 1, stdout: '' });
  expect(ran.stderr).toContain(says);
});

it.each([['scan'], ['print-coupon']])('that reaches nobody says so: %s', async (command) => {
  const nowhere = { url: 'nats://127.0.0.1:9', input: `4111111111111111${BASKET}` };
  expect(await terminal([command], nowhere)).toMatchObject({ code: EXIT_CODES.unreachable });
});

/** Standard input of a scan with a newly printed coupon, and a journal for it. */
async function printedFor(how: string[] = []): Promise<{ input: string; journal: string }> {
  const file = newFile();
  await terminal(['print-coupon', ...how, '--output', file], { input: (await shop.shopper()).card });
  const { scanned } = await paperOf(readFileSync(file));
  return { input: scanned + BASKET, journal: newFile() };
}

let files = 0;
function newFile(): string {
  return path.join(directory, String((files += 1)));
}

function terminal(
  [command, ...args]: string[],
  {
    journal = newFile(),
    url,
    ...rest
  }: { input?: string; failpoint?: string; journal?: string; url?: string },
): Promise<Ran> {
  const access = shop.topology.accessOf(RELAY);
  const own = command === 'print-coupon' ? [] : ['--journal', journal];
  return runCouplet({ ...access, url: url ?? access.url }, ['terminal', command!, ...args, ...own], rest);
}

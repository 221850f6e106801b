import { CARD, eventually, found, none, startStand, type Stand } from './stand.ts';

let stand: Stand;
beforeAll(async () => {
  stand = await startStand({
    SEARCH_DEADLINE_MS: '300',
    ATTEMPT_DEADLINE_MS: '1000',
    CLOCK_SKEW_MS: '100',
    SWEEP_MS: '50',
  });
}, 60_000);
afterAll(() => stand.stop());

it('a card number goes into the authorize messages and nowhere else: no row, no log line, no event, no answer', async () => {
  const answers: unknown[] = [];
  const shop = stand.shop(found(100));
  const onPoints = stand.shop(none);
  const poor = stand.shop(found(100));
  poor.relay.balance = 300;
  const broken = stand.shop(({ media }) => ({ nonsense: CARD, media }));
  broken.relay.on('authorize', (body) => ({ outcome: 'what', payment: body['payment'] }));
  broken.relay.on('capabilities', () => ({ nonsense: CARD }));

  for (const one of [shop, poor, broken]) answers.push(await one.ask('settle', one.basket()));
  const basket = shop.basket();
  answers.push(await shop.ask('settle', basket), await shop.ask('settle', { ...basket, terminalId: '9' }));
  answers.push(await shop.ask('settle', shop.basket({ amount: 1 })));
  answers.push(await shop.ask('settle', shop.basket({ payment: { kind: 'credit-card', id: `${CARD}0` } })));
  const pointId = '9930442211';
  const media = [{ kind: 'point-card', scheme: 'grocer', id: pointId }];
  answers.push(await onPoints.ask('settle', onPoints.basket({ media })));
  await shop.rest(basket.attemptId, 'granted', 'captured');
  await eventually(async () => {
    const { rows } = await stand.pool.query('SELECT 1 FROM outbox_due');
    expect(rows).toEqual([]);
  });

  expect(poor.relay.calls('authorize')).toMatchObject([{ payment: { id: CARD } }, { payment: { id: CARD } }]);
  const others = [shop, poor, broken, onPoints].flatMap(({ relay, searches }) => [
    ...relay.asked.filter(({ verb }) => verb !== 'authorize'),
    ...searches,
  ]);
  const everything = {
    rows: await everyRow(stand),
    answers,
    others,
    logged: stand.logged,
    events: stand.published,
  };
  expect(everything.rows.length).toBeGreaterThan(10);
  expect(everything.logged.length).toBeGreaterThan(0);
  for (const [where, what] of Object.entries(everything)) {
    for (const secret of [CARD, `${CARD}0`, pointId]) {
      expect({ where, found: JSON.stringify(what).includes(secret) }).toEqual({ where, found: false });
    }
  }
});

it('the relay’s own handle is passed back to it unread, and coupons are found by the account reference', async () => {
  const shop = stand.shop(found(100));
  const payment = { kind: 'credit-card', reference: 'vault-77', par: 'V001'.padEnd(29, '0') };

  expect(await shop.ask('settle', shop.basket({ payment }))).toMatchObject({
    outcome: 'approved',
    amount: 286,
  });

  expect(shop.relay.calls('authorize')).toMatchObject([{ payment }]);
  expect(shop.searches).toMatchObject([
    { media: [{ kind: 'credit-card', token: expect.stringMatching(/^t:/) }] },
  ]);
});

async function everyRow({ pool }: Stand): Promise<string[]> {
  const { rows: tables } = await pool.query<{ name: string }>(
    `SELECT quote_ident(table_name) AS name FROM information_schema.tables
     WHERE table_schema = 'settlement_relay' AND table_type = 'BASE TABLE'`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const { rows } = await pool.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`);
    found.push(...rows.map(({ row }) => row));
  }
  return found;
}

import { v7 as uuidv7 } from 'uuid';
import type { Body } from './fake-relay.ts';
import { eventually, found, gate, startStand, type Shop, type Stand } from './stand.ts';

let stand: Stand;
beforeAll(async () => {
  const quick = { QUEUE_POLL_MS: '50', QUEUE_BACKOFF_MS_MIN: '20', QUEUE_BACKOFF_MS_MAX: '50' };
  stand = await startStand({ ...quick, SWEEP_MS: '50' });
}, 60_000);
afterAll(() => stand.stop());

const [APPLES, SALT] = ['1', '2'];
const COUPON = uuidv7();
/** Apples for 299 with 100 off, and salt for 87: 286, of which the first card pays 200 and the second 86. */
const LINES = [
  { lineId: APPLES, productId: 'a', quantity: '1', unit: 'each', amount: 299, discountable: true },
  { lineId: SALT, productId: 's', quantity: '1', unit: 'each', amount: 87, discountable: true },
];

describe('F19: of a sale that two cards paid', () => {
  it('F19: all of it is given back to the cards that paid, once, and nothing by hand', async () => {
    const { shop, first, second } = await paidByTwo();

    const given = await refund(shop, first.attemptId);
    expect(await refund(shop, second.attemptId)).toMatchObject({ code: 'conflict' });

    expect(given).toMatchObject({
      ...{ amount: 286, cardAmount: 200, couponIds: [COUPON] },
      otherCards: [{ attemptId: second.attemptId, cardAmount: 86 }],
    });
    await shop.rest(first.attemptId, 'granted', 'refunded');
    await shop.rest(second.attemptId, 'granted', 'refunded');
    expect(leftOn(shop)).toEqual([0, 0]);
  });

  it('F19: asked of the second, it is refused, with the attempt to ask', async () => {
    const { shop, first, second } = await paidByTwo();

    const refused = await refund(shop, second.attemptId);

    expect(refused).toMatchObject({ code: 'conflict' });
    expect(refused['detail']).toContain(first.attemptId);
    expect(shop.relay.calls('refund')).toHaveLength(0);
  });

  it('F19: line after line, each card gets back what it paid, the first one first', async () => {
    const { shop, first, second } = await paidByTwo();

    const salt = await refund(shop, first.attemptId, [{ lineId: SALT }]);
    const apples = await refund(shop, first.attemptId, [{ lineId: APPLES }]);

    expect(salt).toMatchObject({ amount: 87, cardAmount: 87 });
    expect(salt).not.toHaveProperty('otherCards');
    expect(apples).toMatchObject({ amount: 199, cardAmount: 113, otherCards: [{ cardAmount: 86 }] });
    await shop.rest(second.attemptId, 'granted', 'refunded');
    await shop.rest(first.attemptId, 'granted', 'refunded');
    expect(leftOn(shop)).toEqual([0, 0]);
    await eventually(() => {
      const told = [first, second].flatMap(({ settlementId }) => refundedEvents(shop, settlementId));
      expect(told.map(({ amount, cardAmount }) => [amount, cardAmount])).toEqual([
        [87, 87],
        [199, 113],
        [86, 86],
      ]);
      expect(told.flatMap(({ couponIds }) => couponIds)).toEqual([COUPON]);
    });
    expect(await endOfDay(shop)).toMatchObject({ totals: [{ captured: 286, refunded: 286 }] });
  });

  it('F19: asked of both at once, and twice, it is given once', async () => {
    const { shop, first, second } = await paidByTwo();
    const refundId = uuidv7();
    const again = () => shop.ask('refund', { attemptId: first.attemptId, refundId });

    const answers = await Promise.all([
      ...[again(), refund(shop, second.attemptId), again()],
      ...[refund(shop, first.attemptId), refund(shop, second.attemptId, [{ lineId: SALT }])],
    ]);

    expect(distinct(given(answers).map(({ refundId }) => refundId))).toHaveLength(1);
    await shop.rest(first.attemptId, 'granted', 'refunded');
    await shop.rest(second.attemptId, 'granted', 'refunded');
    expect(leftOn(shop)).toEqual([0, 0]);
  });

  it('F19: after a refund the second is cancelled with the sale alone, and each card gets back the rest', async () => {
    const { shop, first, second } = await paidByTwo();
    await refund(shop, first.attemptId, [{ lineId: SALT }]);
    // What the card network has not answered when the cancel commits may be asked for again, by its id.
    await eventually(async () =>
      expect(await shop.ask('status', { attemptId: first.attemptId })).toMatchObject({
        refunds: [{ state: 'done' }],
      }),
    );

    const refused = await shop.ask('cancel', { attemptId: second.attemptId });
    expect(refused).toMatchObject({ code: 'conflict' });
    expect(refused['detail']).toContain(first.attemptId);
    expect(await shop.ask('void', { attemptId: second.attemptId })).toMatchObject({ outcome: 'confirmed' });
    await shop.ask('cancel', { attemptId: first.attemptId });

    await shop.rest(first.attemptId, 'cancelled', 'refunded');
    await shop.rest(second.attemptId, 'cancelled', 'refunded');
    expect(leftOn(shop)).toEqual([0, 0]);
    expect(shop.relay.calls('refund').map(({ amount }) => amount)).toEqual([87, 113, 86]);
    // What the second card paid is not told to be given by hand beside it.
    const { refunds } = await shop.ask('status', { attemptId: first.attemptId });
    expect((refunds as Body[]).map(handGiven)).toEqual([0, 0]);
  });

  it('F19: a refund and a cancel of either at once give back no more than each card paid', async () => {
    for (const cancelled of ['first', 'second'] as const) {
      const { shop, first, second } = await paidByTwo();
      const { attemptId } = { first, second }[cancelled];

      const [, given] = await Promise.all([shop.ask('cancel', { attemptId }), refund(shop, first.attemptId)]);

      await eventually(() => expect(leftOn(shop)).toEqual([0, 0]));
      const byHand = handGiven(given ?? {});
      // The second card's was undone first: what it had paid was due again when the sale was given back.
      const wasUndone = (await shop.journal(second.attemptId)).state === 'cancelled';
      expect(byHand).toBe(cancelled === 'second' && wasUndone ? 86 : 0);
    }
  });

  it('F19: while the second card is asked it waits, and until that is confirmed', async () => {
    const { shop, first, rest } = await soldInPart();
    const card = gate();
    shop.relay.on('authorize', async (_body, answer) => {
      await card.opened;
      return answer();
    });
    const second = { ...rest(), capture: 'on-confirm' };
    const paying = shop.ask('settle', second);
    await eventually(() => expect(shop.relay.calls('authorize')).toHaveLength(2));

    expect(await refund(shop, first.attemptId)).toMatchObject({ code: 'attempt-in-progress' });
    card.open();
    await paying;
    expect(await refund(shop, first.attemptId)).toMatchObject({ code: 'conflict' });
    await shop.ask('confirm', { attemptId: second.attemptId });

    expect(await refund(shop, first.attemptId)).toMatchObject({ amount: 286, cardAmount: 200 });
    await eventually(() => expect(leftOn(shop)).toEqual([0, 0]));
  });

  it('F19: what was given back by hand is not paid by a card any more, also when both are asked at once', async () => {
    const alone = await soldInPart();
    expect(await refund(alone.shop, alone.first.attemptId)).toMatchObject({ amount: 286, cardAmount: 200 });
    expect(await alone.shop.ask('settle', alone.rest())).toMatchObject({ code: 'conflict' });

    for (let race = 0; race < 10; race++) {
      const { shop, first, rest } = await soldInPart();
      const [paid, given] = await Promise.all([shop.ask('settle', rest()), refund(shop, first.attemptId)]);

      const isPaid = paid?.['outcome'] === 'approved';
      const isGiven = given?.['code'] === undefined;
      if (isPaid && isGiven) expect(handGiven(given ?? {})).toBe(0);
      if (!isGiven) expect(given).toMatchObject({ code: 'attempt-in-progress' });
      const left = isGiven ? 0 : isPaid ? 286 : 200;
      await eventually(() => expect(leftOn(shop).reduce((total, one) => total + one, 0)).toBe(left));
    }
  });

  it('F19: a card that begins to pay the rest just before a refund commits is seen by it', async () => {
    const { shop, first } = await soldInPart();
    const beginning = await stand.pool.connect();
    await beginning.query('BEGIN');
    const second = await beginning.query<{ attempt_id: string }>(
      `INSERT INTO attempt (settlement_id, relay, attempt_id, state, version, deadline_at, continues)
       VALUES ($1, $2, $3, 'started', 1, now() + interval '1 hour', $4) RETURNING attempt_id`,
      [uuidv7(), shop.relay.name, uuidv7(), first.settlementId],
    );

    const refused = refund(shop, first.attemptId);
    await eventually(async () => expect(await waitingFor('% FOR UPDATE')).toBe(1));
    await beginning.query('COMMIT');
    beginning.release();

    expect(await refused).toMatchObject({ code: 'attempt-in-progress' });
    expect((await refused)['detail']).toContain(second.rows[0]?.attempt_id);
  });

  it('F19: a card that begins to pay the rest just after a refund commits ends before it is asked', async () => {
    const { shop, first, rest } = await soldInPart();
    const refunding = await stand.pool.connect();
    await refunding.query('BEGIN');
    await refunding.query('SELECT FROM attempt WHERE settlement_id = $1 FOR UPDATE', [first.settlementId]);

    const second = rest();
    const declined = shop.ask('settle', second);
    await eventually(async () => expect(await waitingFor('%INSERT INTO attempt %')).toBe(1));
    const byHand = {
      ...{ refundId: uuidv7(), amount: 286, cardAmount: 0 },
      lines: [],
      couponIds: [],
      state: 'done',
    };
    await refunding.query(
      'UPDATE attempt SET refunds = $2, refunded = 286, version = version + 1 WHERE settlement_id = $1',
      [first.settlementId, JSON.stringify([byHand])],
    );
    await refunding.query('COMMIT');
    refunding.release();

    expect(await declined).toMatchObject({ outcome: 'declined', declineReason: 'nothing-due' });
    expect(await shop.ask('settle', second)).toEqual(await declined);
    await shop.rest(second.attemptId, 'abandoned', 'never-sent');
    expect(shop.relay.calls('authorize')).toHaveLength(1);
  });

  it('F19: refused by the second card it goes to a person, who may have it asked again but not cancel that card', async () => {
    const { shop, first, second } = await paidByTwo();
    const refusals = new Set<unknown>();
    shop.relay.on('refund', (body, answer) =>
      shop.relay.of(second.settlementId).length > 0 && body['settlementId'] === second.settlementId
        ? (refusals.add(body['requestId']), { outcome: 'refused' })
        : answer(),
    );
    await refund(shop, first.attemptId);
    await shop.rest(second.attemptId, 'granted', 'listed');
    shop.relay.heal();

    const [listed] = await casesOf(shop);
    expect(listed).toMatchObject({ attemptId: second.attemptId, actions: ['retry', 'settled'] });
    await shop.ask(
      'close-case',
      { caseId: listed!['caseId'], action: { kind: 'retry' }, by: 'ops', note: 'again' },
      'operator',
    );

    await shop.rest(second.attemptId, 'granted', 'refunded');
    expect(leftOn(shop)).toEqual([0, 0]);
    expect(refusals.size).toBe(1);
  });
});

async function soldInPart() {
  const shop = stand.shop((body) => found(100, COUPON)(body));
  Object.assign(shop.relay, { balance: 200, approvesInPart: true });
  const basket = shop.basket({ lines: LINES, acceptPartialApproval: true });
  const reply = await shop.ask('settle', basket);
  expect(reply).toMatchObject({ outcome: 'approved', approvedAmount: 200, amountDue: 86 });
  const first = { attemptId: basket.attemptId, settlementId: reply['settlementId'] };
  const rest = () => shop.basket({ amount: 86, lines: [], continues: first.attemptId });
  return { shop, first, rest };
}

async function paidByTwo() {
  const { shop, first, rest } = await soldInPart();
  const basket = rest();
  const reply = await shop.ask('settle', basket);
  expect(reply).toMatchObject({ outcome: 'approved', amount: 86 });
  await shop.rest(first.attemptId, 'granted', 'captured');
  await shop.rest(basket.attemptId, 'granted', 'captured');
  return {
    shop,
    first,
    second: { attemptId: basket.attemptId, settlementId: reply['settlementId'] as string },
  };
}

const refund = (shop: Shop, attemptId: string, lines?: Body[]): Promise<Body> =>
  shop.ask('refund', { attemptId, refundId: uuidv7(), ...(lines && { lines }) });

/** How many such statements wait for a row that another transaction has locked. */
async function waitingFor(statement: string): Promise<number> {
  const { rows } = await stand.pool.query(
    `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE $1`,
    [statement],
  );
  return rows.length;
}

/** What each card paid and did not get back. */
const leftOn = (shop: Shop): number[] =>
  [...shop.relay.authorizations.values()].map(({ held, captured, refunded }) => held + captured - refunded);

const refundedEvents = (shop: Shop, settlementId: unknown): Body[] =>
  shop
    .events(settlementId)
    .filter(({ fact }) => fact === 'settlement-refunded')
    .map(({ body }) => body);

/** What the reply leaves to be given by hand. */
function handGiven({ amount, cardAmount, otherCards }: Body): number {
  const others = (otherCards ?? []) as { cardAmount: number }[];
  const onCards = others.reduce((total, one) => total + one.cardAmount, Number(cardAmount ?? 0));
  return Number(amount ?? 0) - onCards;
}

const given = (answers: Body[]): Body[] => answers.filter(({ code }) => code === undefined);
const distinct = (ids: unknown[]): unknown[] => [...new Set(ids)];

async function endOfDay(shop: Shop): Promise<Body> {
  const [from, to] = [-3_600_000, 3_600_000].map((ms) => new Date(Date.now() + ms).toISOString());
  return shop.ask('end-of-day', { from, to });
}

async function casesOf(shop: Shop): Promise<Body[]> {
  const { cases } = await shop.ask('list-cases', { limit: 100 }, 'operator');
  return (cases as Body[]).filter(({ storeId }) => storeId === shop.storeId);
}

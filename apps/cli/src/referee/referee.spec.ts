import type { Facts } from './facts.ts';
import type { Rule } from './difference.ts';
import { referee } from './referee.ts';

type Mutable<T> = {
  -readonly [Key in keyof T]: T[Key] extends readonly (infer Item)[] ? Mutable<Item>[] : T[Key];
};

/** One sale of 386 with a coupon of 100, one given up, one cancelled after its capture, one without a card; all in order. */
const inOrder = (): Mutable<Facts> => ({
  tills: [
    { settlementId: 'sale', outcome: 'approved', amount: 286n, discount: 100n, credit: 0n },
    { settlementId: 'given-up', outcome: 'declined', amount: 0n, discount: 0n, credit: 0n },
  ],
  journal: [
    {
      settlementId: 'sale',
      state: 'granted',
      confirmed: true,
      price: 386n,
      amount: 286n,
      coupons: [{ couponId: 'c1', discount: 100n }],
      cardAmount: 286n,
      refunds: [],
      keepsCoupons: false,
      authorizations: [{ authorizationId: 'a1', state: 'captured' }],
    },
    {
      settlementId: 'given-up',
      state: 'abandoned',
      confirmed: false,
      price: 500n,
      coupons: [],
      cardAmount: 0n,
      refunds: [],
      keepsCoupons: false,
      authorizations: [{ authorizationId: 'a2', state: 'reversed' }],
    },
    {
      settlementId: 'cancelled',
      state: 'cancelled',
      confirmed: true,
      price: 200n,
      amount: 150n,
      coupons: [{ couponId: 'c2', discount: 50n }],
      cardAmount: 150n,
      refunds: [
        { refundId: 'cancelled', state: 'done', amount: 150n, cardAmount: 150n, couponIds: [], credits: [] },
      ],
      keepsCoupons: false,
      authorizations: [{ authorizationId: 'a3', state: 'refunded' }],
    },
    {
      settlementId: 'cash',
      state: 'granted',
      confirmed: true,
      price: 90n,
      amount: 90n,
      coupons: [],
      cardAmount: 0n,
      refunds: [],
      keepsCoupons: false,
      authorizations: [],
    },
  ],
  network: [
    {
      settlementId: 'sale',
      authorizationId: 'a1',
      state: 'captured',
      authorized: 386n,
      held: 0n,
      captured: 286n,
      refunded: 0n,
    },
    {
      settlementId: 'given-up',
      authorizationId: 'a2',
      state: 'reversed',
      authorized: 500n,
      held: 0n,
      captured: 0n,
      refunded: 0n,
    },
    {
      settlementId: 'cancelled',
      authorizationId: 'a3',
      state: 'captured',
      authorized: 200n,
      held: 0n,
      captured: 150n,
      refunded: 150n,
    },
  ],
  registry: [
    {
      settlementId: 'sale',
      state: 'consumed',
      open: false,
      reservations: [{ couponId: 'c1', discount: 100n, state: 'consumed' }],
    },
    { settlementId: 'given-up', state: 'released', open: false, reservations: [] },
    {
      settlementId: 'cancelled',
      state: 'rolled-back',
      open: false,
      reservations: [{ couponId: 'c2', discount: 50n, state: 'rolled-back' }],
    },
  ],
  analytics: [
    {
      settlementId: 'sale',
      state: 'granted',
      amount: 286n,
      discount: 100n,
      captured: 286n,
      coupons: [{ couponId: 'c1', discount: 100n }],
    },
    { settlementId: 'given-up', state: 'abandoned', amount: 0n, discount: 0n, captured: 0n, coupons: [] },
    { settlementId: 'cancelled', state: 'rolled-back', amount: 0n, discount: 0n, captured: 0n, coupons: [] },
    { settlementId: 'cash', state: 'granted', amount: 90n, discount: 0n, captured: 0n, coupons: [] },
  ],
  rollUps: { settlements: 2n, amount: 376n, discount: 100n, coupons: 1n },
  scans: [],
  limits: [{ offerId: 'o1', kind: 'uses', limit: 10n, remaining: 9n, used: 1n }],
  streams: [{ name: 'EVENT_SETTLEMENT_RELAY', appended: 7n, stored: 7n }],
  deadLetters: 0n,
});

/** The same, and the sale was paid by two cards, 200 and 86, and given back whole. */
function paidByTwo(): Mutable<Facts> {
  const facts = inOrder();
  const [sale, rest] = [facts.journal[0]!, 'rest'];
  const refund = (amount: bigint, cardAmount: bigint) =>
    ({ refundId: 'r1', state: 'done', amount, cardAmount, couponIds: [], credits: [] }) as const;
  Object.assign(sale, { cardAmount: 200n, refunds: [refund(286n, 200n)] });
  facts.journal.push({
    ...{ settlementId: rest, continues: 'sale', state: 'granted', confirmed: true, price: 86n, amount: 86n },
    ...{
      coupons: [],
      cardAmount: 86n,
      refunds: [{ ...refund(86n, 86n), couponIds: [], credits: [] }],
      keepsCoupons: false,
    },
    authorizations: [{ authorizationId: 'a9', state: 'refunded' }],
  });
  Object.assign(facts.network[0]!, { authorized: 200n, captured: 200n, refunded: 200n });
  const onRest = { settlementId: rest, authorizationId: 'a9', authorized: 86n, captured: 86n, refunded: 86n };
  facts.network.push({ ...onRest, state: 'captured', held: 0n });
  facts.analytics[0]!.captured = 200n;
  const counted = { settlementId: rest, state: 'granted' as const, amount: 86n, discount: 0n };
  facts.analytics.push({ ...counted, captured: 86n, coupons: [] });
  Object.assign(facts.rollUps, { settlements: 3n, amount: 462n });
  return facts;
}

/** The same, and the sale was paid in full and credited. */
function credited(): Mutable<Facts> {
  const facts = inOrder();
  const coupon = { couponId: 'c1', discount: 100n, credit: 'paid' as const };
  const refund = { refundId: 'r1', state: 'done' as const, amount: 100n, cardAmount: 100n, couponIds: [] };
  Object.assign(facts.tills[0]!, { amount: 386n, discount: 0n, credit: 100n });
  Object.assign(facts.journal[0]!, { amount: 386n, cardAmount: 386n, coupons: [coupon] });
  facts.journal[0]!.refunds = [{ ...refund, credits: ['c1'] }];
  Object.assign(facts.network[0]!, { captured: 386n, refunded: 100n });
  Object.assign(facts.analytics[0]!, {
    amount: 386n,
    captured: 386n,
    discount: 0n,
    coupons: [{ ...coupon }],
  });
  Object.assign(facts.rollUps, { amount: 476n, discount: 0n });
  return facts;
}

describe('the referee', () => {
  it('finds nothing where all sides agree', () => {
    expect(referee(inOrder())).toEqual([]);
  });

  it('lets an on-confirm sale wait with one hold', () => {
    const facts = inOrder();
    facts.journal[0]!.confirmed = false;
    facts.journal[0]!.authorizations[0]!.state = 'shrunk';
    Object.assign(facts.network[0]!, { state: 'held', held: 286n, captured: 0n });
    facts.analytics[0]!.captured = 0n;
    expect(referee(facts)).toEqual([]);
  });

  it('takes a line back at its price, with the coupon that went with it', () => {
    const facts = inOrder();
    facts.journal[0]!.refunds = [
      { refundId: 'r1', state: 'done', amount: 86n, cardAmount: 86n, couponIds: ['c1'], credits: [] },
    ];
    facts.network[0]!.refunded = 86n;
    facts.registry[0]!.reservations[0]!.state = 'rolled-back';
    facts.analytics[0]!.coupons = [];
    facts.rollUps.coupons = 0n;
    expect(referee(facts)).toEqual([]);
  });

  it('lets another tender pay what the card did not have', () => {
    const facts = inOrder();
    facts.journal[0]!.cardAmount = 200n;
    Object.assign(facts.network[0]!, { captured: 200n, authorized: 200n });
    facts.analytics[0]!.captured = 200n;
    expect(referee(facts)).toEqual([]);
  });

  it('takes back from each card what it paid of a sale, by one refund', () => {
    expect(referee(paidByTwo())).toEqual([]);
  });

  it('takes back by hand what no card paid', () => {
    const facts = paidByTwo();
    facts.journal.at(-1)!.state = 'cancelled';
    facts.journal.at(-1)!.refunds[0]!.refundId = 'rest'; // Given back by its own cancel, before the refund.
    Object.assign(facts.rollUps, { settlements: 2n, amount: 376n });
    facts.analytics.at(-1)!.state = 'rolled-back';
    expect(referee(facts)).toEqual([]);
  });

  it.each<[string, (facts: Mutable<Facts>) => void]>([
    ['by the attempt that continued it too', ({ journal }) => (journal.at(-1)!.refunds[0]!.refundId = 'r2')],
    [
      'by hand too',
      ({ journal }) => Object.assign(journal.at(-1)!.refunds[0]!, { amount: 0n, cardAmount: 0n }),
    ],
  ])('finds a sale that was given back %s', (_how, spoil) => {
    const facts = paidByTwo();
    spoil(facts);
    const found = referee(facts).map(({ rule }) => rule);
    expect(found).toContain('a-sale-is-given-back-once');
  });

  it('takes a sale that was paid in full and credited', () => {
    expect(referee(credited())).toEqual([]);
  });

  it('takes what was found too late as credited by the sale, for a settlement of its own', () => {
    const facts = credited();
    const [sale, [coupon]] = [facts.journal[0]!, facts.journal[0]!.coupons];
    const late = { ...facts.journal[3]!, settlementId: 'late', continues: 'sale', price: 0n, amount: 0n };
    facts.journal.push({ ...late, coupons: [coupon!] });
    Object.assign(sale, { coupons: [] });
    sale.refunds[0]!.refundId = 'late';
    facts.tills[0]!.credit = 0n;
    facts.registry[0]!.settlementId = 'late';
    facts.analytics.push({ ...facts.analytics[0]!, settlementId: 'late', amount: 0n, captured: 0n });
    facts.analytics[0]!.coupons = [];
    facts.rollUps.settlements = 3n;
    expect(referee(facts)).toEqual([]);
  });

  it.each<[wrong: string, rules: Rule[], spoil: (facts: Mutable<Facts>) => void]>([
    [
      'that is not owed',
      ['captured-equals-granted', 'credits-are-paid'],
      ({ journal }) => (journal[0]!.refunds = []),
    ],
    [
      'that is owed twice',
      ['credits-are-paid', 'captured-equals-granted'],
      ({ journal: [sale] }) => sale!.refunds.push({ ...sale!.refunds[0]!, refundId: 'r2' }),
    ],
    [
      'that is never asked for',
      ['credits-are-paid', 'captured-equals-granted'],
      ({ journal }) => (journal[0]!.refunds[0]!.state = 'due'),
    ],
    [
      'that analytics holds for unpaid',
      ['analytics-equals-granted'],
      ({ analytics }) => (analytics[0]!.coupons[0]!.credit = 'owed'),
    ],
    [
      'that the till was not told',
      ['till-was-told-what-the-journal-holds'],
      ({ tills }) => (tills[0]!.credit = 0n),
    ],
    [
      'that was taken off as well',
      ['discount-is-the-sum-of-the-coupons'],
      ({ journal, network, analytics, tills, rollUps }) => {
        for (const fact of [journal[0]!, analytics[0]!, tills[0]!]) fact.amount = 286n;
        journal[0]!.cardAmount = network[0]!.captured = analytics[0]!.captured = 286n;
        rollUps.amount = 376n;
      },
    ],
  ])('finds a credit %s', (_wrong, rules, spoil) => {
    const facts = credited();
    spoil(facts);
    const found = referee(facts).map(({ rule }) => rule);
    expect(found.sort()).toEqual([...rules].sort());
  });

  it('leaves to a person what the network refused for good', () => {
    const facts = inOrder();
    facts.journal[0]!.authorizations[0]!.state = 'listed';
    Object.assign(facts.network[0]!, { state: 'held', held: 286n, captured: 0n });
    facts.analytics[0]!.captured = 0n;
    expect(referee(facts)).toEqual([]);
  });

  it('lets a scan use its coupon without a card', () => {
    const facts = inOrder();
    const coupon = { couponId: 'c9', discount: 5n };
    facts.scans.push({ settlementId: 'scan', state: 'granted', coupons: [coupon] });
    const reservations = [{ ...coupon, state: 'consumed' as const }];
    facts.registry.push({ settlementId: 'scan', state: 'consumed', open: false, reservations });
    const use = { settlementId: 'scan', state: 'grant-awaited' as const, coupons: [coupon] };
    facts.analytics.push({ ...use, amount: 0n, discount: 0n, captured: 0n });
    facts.rollUps.coupons = 2n;
    expect(referee(facts)).toEqual([]);

    const disagreeing = ['consumed-equals-granted', 'analytics-equals-granted'];
    facts.scans[0]!.state = 'abandoned';
    expect(referee(facts).map(({ rule }) => rule)).toEqual(disagreeing);
    facts.scans[0]!.state = 'asked';
    expect(referee(facts).map(({ rule }) => rule)).toEqual(['every-attempt-is-decided', ...disagreeing]);
    facts.scans[0]!.state = 'granted';
    facts.scans[0]!.coupons = [{ ...coupon, discount: 4n }];
    expect(referee(facts).map(({ rule }) => rule)).toEqual(disagreeing);
  });

  it('lets the registry keep a "none" that it told nobody who is journalled, and nothing else', () => {
    const facts = inOrder();
    facts.registry.push({ settlementId: 'late', state: 'empty', open: false, reservations: [] });
    expect(referee(facts)).toEqual([]);
    facts.registry.at(-1)!.state = 'released';
    expect(referee(facts)).toEqual([
      { rule: 'journal-knows-every-settlement', settlementId: 'late', says: { registry: 'knows it' } },
    ]);
  });

  it.each<[wrong: string, rules: Rule[], spoil: (facts: Mutable<Facts>) => void]>([
    [
      'a hold of a sale that nobody journalled',
      ['journal-knows-every-settlement', ...Array<Rule>(4).fill('roll-ups-equal-granted')],
      ({ journal }) => journal.splice(0, 1),
    ],
    [
      'an undecided attempt',
      ['every-attempt-is-decided', 'analytics-equals-granted'],
      ({ journal }) => (journal[1]!.state = 'started'),
    ],
    [
      'a till told another amount',
      ['till-was-told-what-the-journal-holds'],
      ({ tills }) => (tills[0]!.amount = 386n),
    ],
    [
      'a till told no although it was granted',
      ['till-was-told-what-the-journal-holds'],
      ({ tills }) => (tills[0]!.outcome = 'declined'),
    ],
    [
      'a capture that nobody asked for',
      ['captured-equals-granted', 'analytics-equals-granted'],
      ({ network }) => (network[0]!.captured = 386n),
    ],
    [
      'a capture of an abandoned sale',
      ['authorizations-agree-with-the-network', 'captured-equals-granted'],
      ({ network }) => Object.assign(network[1]!, { state: 'captured', captured: 500n }),
    ],
    [
      'a refund above the capture',
      ['captured-equals-granted', 'refunds-never-exceed-captures'],
      ({ network }) => (network[2]!.refunded = 151n),
    ],
    [
      'a hold left behind',
      ['authorizations-agree-with-the-network', 'no-hold-without-an-approval'],
      ({ network }) => Object.assign(network[1]!, { state: 'held', held: 500n }),
    ],
    [
      'a second hold',
      [
        'authorizations-agree-with-the-network',
        'authorizations-agree-with-the-network',
        'no-hold-without-an-approval',
        'one-live-hold-per-attempt',
      ],
      ({ network }) =>
        network.push(
          { ...network[1]!, authorizationId: 'a4', state: 'held', held: 1n },
          { ...network[1]!, authorizationId: 'a5', state: 'held', held: 1n },
        ),
    ],
    [
      'a hold above the price',
      ['hold-never-above-the-price'],
      ({ network }) => (network[0]!.authorized = 387n),
    ],
    [
      'an authorization still on its way',
      ['authorizations-are-at-rest'],
      ({ journal }) => (journal[1]!.authorizations[0]!.state = 'reversing'),
    ],
    [
      'a discount without coupons',
      ['discount-is-the-sum-of-the-coupons', 'analytics-equals-granted', 'roll-ups-equal-granted'],
      ({ journal, analytics }) => {
        journal[3]!.amount = 80n;
        analytics[3]!.amount = 80n;
        analytics[3]!.discount = 10n;
      },
    ],
    [
      'a coupon reserved for ever',
      ['nothing-stays-reserved'],
      ({ registry }) => registry[1]!.reservations.push({ couponId: 'c3', discount: 5n, state: 'reserved' }),
    ],
    ['a registry that still waits', ['nothing-stays-reserved'], ({ registry }) => (registry[1]!.open = true)],
    [
      'a coupon granted and not consumed',
      ['consumed-equals-granted'],
      ({ registry }) => (registry[0]!.reservations[0]!.state = 'released'),
    ],
    [
      'a coupon consumed and not granted',
      ['consumed-equals-granted'],
      ({ registry }) => (registry[2]!.reservations[0]!.state = 'consumed'),
    ],
    [
      'a coupon consumed at another discount',
      ['consumed-equals-granted'],
      ({ registry }) => (registry[0]!.reservations[0]!.discount = 99n),
    ],
    [
      'a coupon that paid twice',
      ['consumed-equals-granted', 'coupon-is-consumed-once'],
      ({ registry }) => registry[1]!.reservations.push({ couponId: 'c1', discount: 100n, state: 'consumed' }),
    ],
    ['a use that analytics lost', ['analytics-equals-granted'], ({ analytics }) => analytics.splice(0, 1)],
    [
      'a use that analytics counts although it was cancelled',
      ['analytics-equals-granted'],
      ({ analytics }) => (analytics[2]!.state = 'granted'),
    ],
    [
      'an event that the stream lost',
      ['stream-holds-every-event-once'],
      ({ streams }) => (streams[0]!.stored = 6n),
    ],
    [
      'refunds above what was granted',
      ['refunds-never-exceed-the-sale', 'refunds-never-exceed-captures'],
      ({ journal, network }) => {
        journal[0]!.refunds = [
          { refundId: 'r1', state: 'done', amount: 287n, cardAmount: 287n, couponIds: [], credits: [] },
        ];
        network[0]!.refunded = 287n;
      },
    ],
    ['an offer used more often than its limit', ['limits-hold'], ({ limits }) => (limits[0]!.used = 11n)],
    ['a limit that lost a use', ['limits-hold'], ({ limits }) => (limits[0]!.remaining = 8n)],
    ['an event given up', ['no-event-is-a-dead-letter'], (facts) => (facts.deadLetters = 1n)],
    [
      'a remainder held after the capture',
      ['no-hold-without-an-approval'],
      ({ network }) => (network[0]!.held = 100n),
    ],
    [
      'an authorization that the journal never sent',
      ['authorizations-agree-with-the-network'],
      ({ network }) => network.push({ ...network[1]!, authorizationId: 'a9' }),
    ],
    [
      'a roll-up that counted an event twice',
      ['roll-ups-equal-granted'],
      ({ rollUps }) => (rollUps.discount = 200n),
    ],
    [
      'a discount that analytics doubled',
      ['analytics-equals-granted'],
      ({ analytics }) => (analytics[0]!.discount = 200n),
    ],
  ])('finds %s', (_wrong, rules, spoil) => {
    const facts = inOrder();
    spoil(facts);
    expect(
      referee(facts)
        .map(({ rule }) => rule)
        .sort(),
    ).toEqual([...rules].sort());
  });

  it('says what each side holds', () => {
    const facts = inOrder();
    facts.network[0]!.captured = 386n;
    facts.analytics[0]!.captured = 386n;
    expect(referee(facts)).toEqual([
      { rule: 'captured-equals-granted', settlementId: 'sale', says: { journal: '286', network: '386' } },
    ]);
  });
});

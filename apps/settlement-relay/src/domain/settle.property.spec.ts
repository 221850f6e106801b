import type { AppliedCoupon, BasketLine, Capabilities, FollowUpOutcome } from '@couplet/contracts';
import fc from 'fast-check';
import { advise } from './advise.ts';
import { LIVE_STATES, type Step } from './authorization-table.ts';
import { stepOf } from './bring-to-rest.ts';
import { closeCase, type CaseDecision } from './cases.ts';
import type { Change } from './decide.ts';
import { bringToRest, type Due, type Order } from './network-queue.ts';
import type { CardAnswer, CouponAnswer } from './next-step.ts';
import { refund } from './refund-sale.ts';
import { settle } from './settle.ts';
import type { SettleCommand, SettleDeps, SettlementKey } from './settle-deps.ts';
import { cardAmountOf, phaseOf, type Authorization, type Settlement } from './settlement.ts';
import { creditOf, tillDiscountOf } from './statement-credit.ts';
import { cancel, confirm, decideOn, resolve, voidAttempt } from './verbs.ts';

const P = 386n;
const ACTIONS = [
  ...(['settle', 'cancel', 'void', 'confirm', 'refund', 'resolve'] as const),
  ...(['sweep', 'queue', 'advise', 'person'] as const),
];
const RAIL: Capabilities = {
  shrink: true,
  finalPartialCapture: true,
  secondAuthorization: true,
  partialApproval: true,
  refund: true,
};

interface Circumstances {
  readonly balance: bigint;
  readonly discount: bigint;
  /** Of a second coupon, which is credited after the sale; with the discount not above the price. */
  readonly credit: bigint;
  readonly rail: Pick<Capabilities, 'shrink' | 'finalPartialCapture' | 'secondAuthorization' | 'refund'>;
  readonly capture: 'immediate' | 'on-confirm';
  /** Approved when the balance is short: nothing, or what there is. */
  readonly approvesInPart: boolean;
  readonly acceptsParts: boolean;
  /** S4: the first authorize waits for its coupons. */
  readonly patient: boolean;
  /** What goes wrong, in the order in which it is asked: true loses the answer, or dies. */
  readonly losses: readonly boolean[];
  readonly crashes: readonly boolean[];
  /** What the network makes of each verb when it is first asked; from then on it obeys. */
  readonly moods: Readonly<Record<Step, 'obeys' | 'refuses' | 'waits'>>;
  /** Nobody listens to the first authorize. */
  readonly deaf: boolean;
  readonly person: CaseDecision['kind'];
}

const rarely = fc.nat(9).map((n) => n === 9);
const mood = fc.constantFrom('obeys', 'obeys', 'obeys', 'refuses', 'waits');
const circumstances: fc.Arbitrary<Circumstances> = fc.record({
  balance: fc.constantFrom(P, 300n, 100n),
  discount: fc.constantFrom(0n, 100n, 100n, 100n, P),
  credit: fc.constantFrom(0n, 50n, 150n, P - 100n),
  rail: fc.record({
    shrink: fc.boolean(),
    finalPartialCapture: fc.boolean(),
    secondAuthorization: fc.boolean(),
    refund: fc.nat(3).map((n) => n > 0),
  }),
  capture: fc.constantFrom('immediate', 'on-confirm'),
  approvesInPart: fc.boolean(),
  acceptsParts: fc.boolean(),
  patient: fc.boolean(),
  losses: fc.array(rarely, { maxLength: 12 }),
  crashes: fc.array(rarely, { maxLength: 20 }),
  moods: fc.record({ adjust: mood, capture: mood, release: mood, reverse: mood, refund: mood }),
  deaf: rarely,
  person: fc.constantFrom('retry', 'cancel', 'settled'),
});

/** Something done beside the first `settle`, after that many turns of others. */
const deeds = fc.array(fc.record({ action: fc.constantFrom(...ACTIONS), after: fc.nat(24) }), {
  maxLength: 6,
});

it('any order of answers, timeouts, crashes and repeats ends legal, never with two live holds', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), circumstances, deeds, async (scheduler, given, beside) => {
      const world = new World(given, (label) => scheduler.schedule(Promise.resolve(), label));
      const running = [{ action: 'settle' as const, after: 0 }, ...beside].map(({ action, after }) =>
        world.run(action, after),
      );
      await scheduler.waitIdle();
      await Promise.all(running);
      await world.heal();
      world.expectRest(beside.map(({ action }) => action));
    }),
    { numRuns: 500 },
  );
}, 60_000);

/** Journal, card network, registry and terminal of one attempt; every message and every commit waits for its turn. */
class World {
  private journal: Settlement | undefined;
  private readonly network = new Map<
    string,
    { state: 'held' | 'gone' | 'captured'; held: bigint; taken: bigint; approved: bigint }
  >();
  private readonly told: string[] = [];
  private healing = false;
  private readonly losses: boolean[];
  private readonly crashes: boolean[];
  private readonly moods: Map<Step, Circumstances['moods'][Step]>;
  private personCancelled = false;
  /** What the world was told came back; a network tells requests apart by their ids. */
  private readonly credited: string[] = [];
  private readonly refunded = new Set<string>();
  private ids = 0;
  private refunds = 0;

  constructor(
    private readonly given: Circumstances,
    private readonly turn: (label: string) => Promise<void>,
  ) {
    [this.losses, this.crashes] = [[...given.losses], [...given.crashes]];
    this.moods = new Map(Object.entries(given.moods) as [Step, Circumstances['moods'][Step]][]);
  }

  async run(action: (typeof ACTIONS)[number], after: number): Promise<void> {
    for (let turn = 0; turn <= after; turn++) await this.wait(action);
    try {
      await this[action]();
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
    }
  }

  /** Nothing fails any more: whatever is undecided or due comes to its end. */
  async heal(): Promise<void> {
    this.healing = true;
    for (let round = 0; round < 12; round++) {
      await this.sweep();
      await this.queue();
      if (round % 6 === 5) await this.person();
    }
    for (let round = 0; round < 6; round++) await this.queue();
  }

  expectRest(beside: readonly (typeof ACTIONS)[number][]): void {
    const undone = beside.includes('cancel') || this.personCancelled;
    const settlement = this.journal;
    if (!settlement) return; // Every settle died before its first commit.
    const phase = phaseOf(settlement);
    expect(['confirmed', 'cancelled', 'abandoned']).toContain(phase);
    for (const one of settlement.authorizations) expect(stepOf(settlement, one)).toBeNull();
    // A person has closed whatever was listed.
    const unfinished = settlement.authorizations.filter(
      ({ state }) => state === 'sending' || state === 'listed',
    );
    expect(unfinished).toEqual([]);
    const networks = [...this.network.values()];
    const taken = networks.reduce((sum, one) => sum + one.taken, 0n);
    expect(networks.reduce((sum, one) => sum + one.held, 0n)).toBe(0n);
    const given = settlement.refunds.reduce(
      (sum, one) => sum + (one.state === 'done' ? one.cardAmount : 0n),
      0n,
    );
    expect(settlement.refunds.filter(({ state }) => state === 'due' || state === 'listed')).toEqual([]);
    expect(taken).toBe(phase === 'confirmed' ? cardAmountOf(settlement) - given : 0n);
    this.expectCredited(settlement);
    if (!beside.includes('refund') && phase === 'confirmed')
      expect(given).toBe(creditOf(settlement.grant?.coupons ?? []));
    for (const told of new Set(this.told)) {
      if (told === 'declined' || told === 'cancelled') expect(['abandoned', 'cancelled']).toContain(phase);
      if (told === 'confirmed' && !undone) expect(phase).toBe('confirmed');
      if (told === 'voided') expect(['abandoned', 'cancelled']).toContain(phase);
      if (told.startsWith('approved')) {
        expect(['confirmed', 'cancelled']).toContain(phase);
        expect(told).toBe(`approved ${String(settlement.grant?.amount)}`);
      }
    }
  }

  /** Paid in full, owed from the moment the sale is final, and credited once. */
  private expectCredited(settlement: Settlement): void {
    const { grant, refunds, confirmed } = settlement;
    const coupons = grant?.coupons ?? [];
    if (grant) expect(grant.amount).toBe(P - tillDiscountOf(coupons));
    const credits = refunds.filter(({ lateDiscounts }) => lateDiscounts);
    const owed = credits.reduce((sum, { amount }) => sum + amount, 0n);
    expect(owed).toBe(confirmed ? creditOf(coupons) : 0n);
    for (const { amount, cardAmount } of credits) expect(cardAmount).toBe(amount);
    if (!this.given.rail.refund) expect(owed).toBe(0n);
    const paid = credits.filter(({ state }) => state === 'done').map(({ refundId }) => refundId);
    expect(this.credited).toEqual(paid);
  }

  private async settle(): Promise<void> {
    const cancelled = this.told.includes('cancelled');
    const answer = await settle(this.command(), this.deps());
    if (answer.kind !== 'answer') return;
    const { outcome, amount } = answer.reply;
    if (cancelled) expect(outcome).toBe('declined');
    this.told.push(outcome === 'approved' ? `approved ${amount}` : outcome);
  }
  private async cancel(): Promise<void> {
    const outcome = await cancel({ relay: 'r', attemptId: 'a' }, this.deps());
    expect(outcome).toBe('cancelled');
    this.told.push('cancelled');
  }
  private async void(): Promise<void> {
    this.told.push(await voidAttempt({ relay: 'r', attemptId: 'a' }, this.deps()));
  }
  private async confirm(): Promise<void> {
    this.told.push(await confirm({ relay: 'r', attemptId: 'a' }, this.deps()));
  }
  /** One line after the other, then whatever is left. */
  private async refund(): Promise<void> {
    const number = this.refunds++;
    const lines = number < 2 ? [{ lineId: number === 0 ? '1' : '2' }] : undefined;
    const asked = { refundId: `refund-${number}`, ...(lines && { lines }) };
    const answer = await refund({ relay: 'r', attemptId: 'a' }, asked, this.deps());
    if (answer.kind === 'refund') expect(answer.refund.amount).toBeGreaterThanOrEqual(0n);
  }
  private async resolve(): Promise<void> {
    if (this.journal) await resolve(this.journal.settlementId, this.deps());
  }
  private async sweep(): Promise<void> {
    if (!this.journal) return;
    const { settlementId } = this.journal;
    const late = { now: () => new Date(1_000_000), until: () => this.wait('until') };
    await decideOn({ settlementId }, { kind: 'deadline' }, { ...this.deps(), clock: late });
  }
  /** What a relay may tell late of the first authorization, whether or not it is so. */
  private async advise(): Promise<void> {
    const [first] = this.journal?.authorizations ?? [];
    if (!first) return;
    const { authorizationId } = first;
    const isLower = this.network.get(authorizationId)?.held === first.amount;
    const journal = { ...this.deps().journal, record: () => Promise.resolve(false) };
    const deps = { ...this.deps(), journal };
    await advise(
      'r',
      first.state === 'live' && isLower
        ? { kind: 'adjustment', authorizationId, outcome: 'done' }
        : { kind: 'late-approval', authorizationId, amount: P },
      deps,
    );
  }
  /** Closes every case in their way; what they settle by hand, they move in the card network too. */
  private async person(): Promise<void> {
    for (const { authorizationId, state } of this.journal?.authorizations ?? []) {
      const [before, kind] = [this.journal, this.given.person];
      if (!before || state !== 'listed') continue;
      const isSale = before.state === 'granted';
      const action = kind === 'settled' || (kind === 'cancel' && !isSale) ? this.byHand(before) : { kind };
      const deps = { couponReturn: 'with-its-lines', newId: this.deps().newId, now: new Date(0) } as const;
      const change = closeCase(before, authorizationId, action, deps);
      expect(change).toBeDefined();
      await this.wait('person decides');
      if (!change || !this.commit(before, change)) continue;
      if (action.kind === 'settled') this.move(before, authorizationId, action.as);
      this.personCancelled ||= action.kind === 'cancel';
    }
  }
  private byHand(before: Settlement): Extract<CaseDecision, { kind: 'settled' }> {
    const listed = before.authorizations.find(({ state }) => state === 'listed');
    if (listed?.listedFrom === 'captured') return { kind: 'settled', as: 'refunded' };
    return { kind: 'settled', as: before.state === 'granted' ? 'captured' : 'reversed' };
  }
  private move(before: Settlement, id: string, as: Authorization['state']): void {
    const { amount } = before.authorizations.find((one) => one.authorizationId === id) as Authorization;
    const known = this.network.get(id);
    if (!known) return;
    if (as === 'reversed') Object.assign(known, { state: 'gone', held: 0n });
    if (as === 'captured') Object.assign(known, { state: 'captured', held: 0n, taken: amount });
    for (const { state, cardAmount } of as === 'refunded' ? before.refunds : [])
      if (state === 'due' || state === 'listed') known.taken -= cardAmount;
  }

  private async queue(): Promise<void> {
    const settlement = this.journal;
    for (const authorization of settlement?.authorizations ?? []) {
      if (!settlement || stepOf(settlement, authorization) === null) continue;
      const requestId = `${authorization.authorizationId}/${authorization.state}`;
      const due: Due = { settlement, authorization, requestId, tries: 1 };
      const network = { ask: (order: Order) => this.follow(order) };
      const queue = { postpone: () => Promise.resolve() };
      await bringToRest(due, { ...this.deps(), network, queue, clockSkewMs: 0 });
    }
  }

  private deps(): SettleDeps {
    return {
      journal: {
        begin: async (settlement) => {
          await this.wait('begin');
          if (this.journal) return false;
          this.write(settlement);
          return true;
        },
        commit: async (before, change) => {
          await this.wait('commit');
          return this.commit(before, change);
        },
        find: async (key) => {
          await this.wait('find');
          return this.find(key);
        },
      },
      network: {
        authorize: ({ authorizationId, amount }) => this.authorize(authorizationId, amount),
        reverse: ({ authorizationId, requestId }) =>
          this.follow({ step: 'reverse', authorizationId, requestId, amount: 0n }),
        capabilities: () => Promise.resolve({ ...RAIL, ...this.given.rail }),
      },
      registry: { reserve: () => this.reserve() },
      clock: { now: () => new Date(0), until: () => this.wait('until') },
      couponReturn: 'with-its-lines',
      lateCoupons: 'release',
      credits: { commitCredit: () => Promise.resolve(false) },
      sales: {
        continuation: () => Promise.resolve(undefined),
        commitAll: async ([one]) => {
          await this.wait('commit');
          return one !== undefined && this.commit(one.before, one.change);
        },
      },
      afterwards: () => undefined,
      newId: () => `id-${++this.ids}`,
      reached: () => {
        if (!this.healing && this.crashes.shift()) throw new Crash();
      },
      limits: {
        searchDeadlineMs: 1,
        attemptDeadlineMs: 10,
        reservationDeadlineMs: 20,
        confirmDeadlineMs: 10,
        clockSkewMs: 1,
        earlySwapMs: this.given.patient ? 1 : 0,
        awaitAdjustMs: 0,
      },
    };
  }

  private commit(before: Settlement, { settlement, announcements }: Change): boolean {
    if (this.journal?.version !== before.version || this.journal.state !== before.state) return false;
    for (const { fact, payload } of announcements)
      if (fact === 'credited') this.credited.push(payload.refundId);
    this.write(settlement);
    return true;
  }

  /** What the unique index refuses must never be asked of it. */
  private write(settlement: Settlement): void {
    const live = settlement.authorizations.filter(({ state }) => LIVE_STATES.includes(state));
    expect(live.length).toBeLessThanOrEqual(1);
    this.journal = settlement;
  }

  private find(key: SettlementKey): Settlement | undefined {
    if ('settlementId' in key && this.journal?.settlementId !== key.settlementId) return undefined;
    return this.journal;
  }

  /** The request may arrive after the caller gave up, and the answer may be lost. */
  private async authorize(id: string, amount: bigint): Promise<CardAnswer> {
    if (this.given.deaf && this.network.size === 0) {
      await this.wait('authorize is not heard');
      this.network.set(id, { state: 'gone', held: 0n, taken: 0n, approved: 0n });
      return { kind: 'never-sent' };
    }
    const arriving = this.wait('authorize arrives').then(() => this.hold(id, amount));
    if (!this.healing && this.losses.shift()) {
      await this.wait('authorize times out');
      return { kind: 'unknown' };
    }
    const answer = await arriving;
    await this.wait('authorize answers');
    return answer;
  }

  private hold(id: string, amount: bigint): CardAnswer {
    const known = this.network.get(id);
    if (known?.state === 'gone') return { kind: 'declined', reason: 'reversed' };
    const { balance, approvesInPart } = this.given;
    if (!known && amount > balance && approvesInPart) {
      this.network.set(id, { state: 'held', held: balance, taken: 0n, approved: balance });
      this.expectOneHold();
      return this.approval(balance);
    }
    if (!known && amount > balance) {
      this.network.set(id, { state: 'gone', held: 0n, taken: 0n, approved: 0n });
      return { kind: 'insufficient-funds' };
    }
    if (!known) this.network.set(id, { state: 'held', held: amount, taken: 0n, approved: amount });
    this.expectOneHold();
    return this.approval(known?.approved ?? amount);
  }

  private approval(approvedAmount: bigint): CardAnswer {
    return { kind: 'approved', approval: { approvalCode: 'A', networkReference: 'R' }, approvedAmount };
  }

  private async follow({
    step,
    authorizationId,
    requestId,
    amount,
  }: Pick<Order, 'step' | 'authorizationId' | 'requestId' | 'amount'>): Promise<
    FollowUpOutcome | 'no-answer'
  > {
    await this.wait(`${step} arrives`);
    const outcome = this.act(step, authorizationId, requestId, amount);
    if (!this.healing && this.losses.shift()) return 'no-answer';
    await this.wait(`${step} answers`);
    return outcome;
  }

  private act(step: Order['step'], id: string, requestId: string, amount: bigint): FollowUpOutcome {
    const known = this.network.get(id) ?? { state: 'gone', held: 0n, taken: 0n, approved: 0n };
    this.network.set(id, known);
    const mood = this.moods.get(step);
    this.moods.delete(step);
    if (mood === 'waits') {
      if (step === 'adjust' && known.state === 'held') known.held = amount;
      return 'pending';
    }
    if (mood === 'refuses') return 'refused';
    switch (step) {
      case 'reverse':
        if (known.state === 'captured') return 'refused';
        Object.assign(known, { state: 'gone', held: 0n });
        return 'done';
      case 'adjust':
        if (known.state !== 'held') return 'refused';
        known.held = amount;
        return 'done';
      case 'capture':
        if (known.state === 'captured') return 'done';
        if (known.state !== 'held') return 'refused';
        expect(phaseOf(this.journal as Settlement)).not.toBe('granted');
        expect(amount).toBe(cardAmountOf(this.journal as Settlement));
        Object.assign(known, { state: 'captured', held: known.held - amount, taken: amount });
        return 'done';
      case 'release':
        known.held = 0n;
        return 'done';
      case 'refund':
        if (this.refunded.has(requestId)) return 'done';
        if (known.state !== 'captured' || amount > known.taken) return 'refused';
        this.refunded.add(requestId);
        known.taken -= amount;
        return 'done';
    }
  }

  /** The first invariant, at every instant. */
  private expectOneHold(): void {
    const busy = [...this.network.values()].filter(({ held, taken }) => held + taken > 0n);
    expect(busy.length).toBeLessThanOrEqual(1);
    for (const { held, taken } of busy) expect(held + taken).toBeLessThanOrEqual(P);
  }

  private async reserve(): Promise<CouponAnswer> {
    await this.wait('reserve');
    const { discount, credit } = this.given;
    const coupons = [
      ...(discount > 0n ? [aCoupon('c', discount)] : []),
      ...(credit > 0n && discount + credit <= P
        ? [{ ...aCoupon('b', credit, discount), settledBy: 'statement-credit' as const }]
        : []),
    ];
    return coupons.length > 0 ? { couponSearch: 'found', coupons } : { couponSearch: 'none' };
  }

  private command(): SettleCommand {
    return {
      relay: 'r',
      request: {
        attemptId: 'a',
        storeId: 's',
        terminalId: 't',
        presentedAt: '2017-03-26T17:22:21Z',
        purpose: 'purchase',
        currency: 'USD',
        amount: P,
        capture: this.given.capture,
        acceptPartialApproval: this.given.acceptsParts,
        lines: [line('1', 200n), line('2', P - 200n)],
      },
      payment: { kind: 'credit-card' },
      media: [{ kind: 'credit-card', token: 't:1' }],
      fingerprint: 'f',
    };
  }

  private wait(label: string): Promise<void> {
    return this.healing ? Promise.resolve() : this.turn(label);
  }
}

class Crash extends Error {}

/** On what another leaves of the two lines, the first before the second. */
function aCoupon(couponId: string, discount: bigint, before = 0n): AppliedCoupon {
  const onFirst = (sum: bigint) => (sum < 200n ? sum : 200n);
  const first = onFirst(before + discount) - onFirst(before);
  return {
    couponId,
    ...{ offerId: 'o', title: 't', discount, funding: [{ party: 'p', amount: discount }] },
    lines: [
      { lineId: '1', discount: first },
      { lineId: '2', discount: discount - first },
    ],
  };
}

const line = (lineId: string, amount: bigint): BasketLine => ({
  ...{ lineId, productId: lineId, quantity: '1', unit: 'each', amount, discountable: true },
});

import type { BasketLine, Capabilities } from '@couplet/contracts';
import fc from 'fast-check';
import { stepOf } from './bring-to-rest.ts';
import type { Change } from './decide.ts';
import { bringToRest, type Order } from './network-queue.ts';
import { refund } from './refund-sale.ts';
import { settle } from './settle.ts';
import type { SettleCommand, SettleDeps, SettlementKey } from './settle-deps.ts';
import { amountDueOf, cardAmountOf, phaseOf, type Refund, type Settlement } from './settlement.ts';
import { cancel, confirm, decideOn, voidAttempt } from './verbs.ts';

/** Two lines of 3 and of 1 pieces, 386 in all, with 100 off at the till, or credited after the sale. */
const [P, DISCOUNT] = [386n, 100n];
const LINES: BasketLine[] = [['1', '3', 299n] as const, ['2', '1', 87n] as const].map(
  ([lineId, quantity, amount]) => ({
    ...{ lineId, productId: lineId, quantity, unit: 'each', amount, discountable: true },
  }),
);
const RAIL: Capabilities = {
  ...{ shrink: true, finalPartialCapture: true, secondAuthorization: true, partialApproval: true },
  refund: true,
};

const deeds = fc.record({
  action: fc.constantFrom('refund', 'refund', 'refund', 'cancel', 'void', 'confirm', 'pay', 'queue', 'sweep'),
  /** Of the first attempt, or one of those that continue it. */
  attempt: fc.nat(3),
  lines: fc.constantFrom(undefined, undefined, [{ lineId: '2' }], [{ lineId: '1', quantity: '1' }]),
  after: fc.nat(30),
} as const);
type Deed = typeof deeds extends fc.Arbitrary<infer Of> ? Of : never;

it.each<['one after the other' | 'at once']>([['one after the other'], ['at once']])(
  'refunds and cancels over all attempts of a sale, %s, give back what was paid on each card and in all, and no more',
  async (how) => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.bigInt(1n, P), { minLength: 1, maxLength: 3 }),
        fc.constantFrom('till', 'statement-credit'),
        fc.constantFrom('immediate', 'on-confirm'),
        fc.array(deeds, { maxLength: 8 }),
        async (scheduler, balances, settledBy, capture, beside) => {
          const terms = { balances, settledBy, capture };
          const sale = new Sale(terms, (label) => scheduler.schedule(Promise.resolve(), label));
          await sale.paid();
          if (how === 'one after the other') {
            for (const deed of beside) await sale.do(deed);
          } else {
            sale.isOrdered = false;
            const running = beside.map((deed) => sale.do(deed));
            await scheduler.waitIdle();
            await Promise.all(running);
            sale.isOrdered = true;
          }
          await sale.rest();
          sale.expectPaidBack();
          await sale.refund({ attempt: 0 });
          await sale.rest();
          sale.expectPaidBack();
          if (sale.isGivenBackWhole()) expect(sale.onCards()).toBe(0n);
        },
      ),
      { numRuns: 400 },
    );
  },
  60_000,
);

interface SaleTerms {
  /** What the cards have, in the order in which they pay. */
  readonly balances: readonly bigint[];
  readonly settledBy: 'till' | 'statement-credit';
  readonly capture: 'immediate' | 'on-confirm';
}

/** A sale that was begun by the first card and is paid on by others; each card approves what it has. */
class Sale {
  isOrdered = true;
  private readonly journal = new Map<string, Settlement>();
  private readonly network = new Map<string, { held: bigint; captured: bigint; refunded: bigint }>();
  /** A network tells requests apart by their ids alone. */
  private readonly heard = new Set<string>();
  private readonly replies = new Map<string, Refund>();
  /** Who had paid when something was given back first. */
  private payers: readonly string[] | undefined;
  private ids = 0;

  constructor(
    private readonly terms: SaleTerms,
    private readonly turn: (label: string) => Promise<void>,
  ) {}

  /** Every card pays what the one before left due; with luck nothing is left. */
  async paid(): Promise<void> {
    for (let card = 0; card < this.terms.balances.length; card++) await this.pay();
    await this.rest();
  }

  async do({ action, attempt, lines, after }: Deed): Promise<void> {
    for (let turn = 0; turn <= after && !this.isOrdered; turn++) await this.wait(action);
    const key = { relay: 'r', attemptId: this.attemptIds()[attempt] ?? 'a0' };
    switch (action) {
      case 'refund':
        return this.refund({ attempt, lines });
      case 'pay':
        return this.pay();
      case 'queue':
        return this.queue();
      case 'sweep':
        return this.sweep();
      case 'cancel':
      case 'void':
      case 'confirm':
        await { cancel, void: voidAttempt, confirm }[action](key, this.deps());
    }
  }

  async refund({ attempt, lines }: Partial<Deed>): Promise<void> {
    const key = { relay: 'r', attemptId: this.attemptIds()[attempt ?? 0] ?? 'a0' };
    const asked = { refundId: `refund-${++this.ids}`, ...(lines && { lines }) };
    const answer = await refund(key, asked, this.deps());
    if (answer.kind === 'continues') expect(answer.endsWith).toBe('a0');
    if (answer.kind === 'refund') this.replies.set(asked.refundId, answer.refund);
  }

  /** The next card pays what the last attempt that pays left due. */
  private async pay(): Promise<void> {
    let last: Settlement | undefined;
    for (const one of this.journal.values()) if (one.state === 'granted' && amountDueOf(one) > 0n) last = one;
    if (this.journal.size > 0 && !last) return;
    await settle(this.command(last), this.deps());
  }

  async rest(): Promise<void> {
    for (let round = 0; round < 6; round++) {
      await this.sweep();
      await this.queue();
    }
  }

  expectPaidBack(): void {
    for (const { held, captured, refunded } of this.network.values()) {
      expect(refunded).toBeLessThanOrEqual(captured);
      expect(held).toBeGreaterThanOrEqual(0n);
    }
    const first = this.first();
    if (!first || phaseOf(first) !== 'confirmed') return expect(this.onCards()).toBe(0n);
    if (this.payers) expect(this.paying()).toEqual(this.payers);
    // What every line that came back carried is on a card or given by hand, to the last unit.
    const [given, byHand, paid] = [this.given(), this.givenByHand(), this.paidByCards()];
    expect(this.onCards()).toBe(paid - (given - byHand));
    const credited = (first.refunds ?? []).filter(({ lateDiscounts }) => lateDiscounts);
    const fits = this.terms.settledBy === 'statement-credit' && cardAmountOf(first) >= DISCOUNT;
    expect(credited.map(({ amount, cardAmount }) => [amount, cardAmount])).toEqual(
      fits ? [[DISCOUNT, DISCOUNT]] : [],
    );
    expect(byHand).toBeGreaterThanOrEqual(0n);
    expect(byHand).toBeLessThanOrEqual((first.grant?.amount ?? 0n) - paid);
  }

  isGivenBackWhole(): boolean {
    return this.given() === this.first()?.grant?.amount;
  }

  /** What the cards paid and did not get back. */
  onCards(): bigint {
    return [...this.network.values()].reduce(
      (sum, { held, captured, refunded }) => sum + held + captured - refunded,
      0n,
    );
  }

  private given(): bigint {
    return (this.first()?.refunds ?? []).reduce((sum, { amount }) => sum + amount, 0n);
  }

  /** As the terminal was told. */
  private givenByHand(): bigint {
    return [...this.replies.values()].reduce(
      (sum, { amount, cardAmount, otherCards = [] }) =>
        otherCards.reduce((rest, other) => rest - other.cardAmount, sum + amount - cardAmount),
      0n,
    );
  }

  /** By attempts that were not undone. */
  private paidByCards(): bigint {
    return [...this.journal.values()]
      .filter(({ state }) => state === 'granted')
      .reduce((sum, one) => sum + cardAmountOf(one), 0n);
  }

  private paying(): string[] {
    const granted = [...this.journal.values()].filter(({ state }) => state === 'granted');
    return granted.map(({ attemptId }) => attemptId);
  }

  private first(): Settlement | undefined {
    return [...this.journal.values()].find(({ attemptId }) => attemptId === 'a0');
  }

  private attemptIds(): string[] {
    return [...this.journal.values()].map(({ attemptId }) => attemptId);
  }

  private async sweep(): Promise<void> {
    for (const { settlementId, terms, state } of this.journal.values()) {
      const sale = terms?.continues === undefined ? undefined : this.journal.get(terms.continues);
      const isOrphan = sale?.state === 'cancelled' || sale?.state === 'abandoned';
      if (state !== 'granted' || !isOrphan) continue;
      const event = { kind: 'cancel', couponReturn: 'with-its-lines', withItsSale: true } as const;
      await decideOn({ settlementId }, event, this.deps());
    }
  }

  private async queue(): Promise<void> {
    const due = [...this.journal.values()].flatMap((settlement) =>
      settlement.authorizations
        .filter((one) => stepOf(settlement, one) !== null)
        .map((authorization) => ({
          settlement,
          authorization,
          requestId: `request-${++this.ids}`,
          tries: 1,
        })),
    );
    const network = { ask: (order: Order) => this.follow(order) };
    const deps = { ...this.deps(), network, queue: { postpone: () => Promise.resolve() }, clockSkewMs: 0 };
    for (const one of due) await bringToRest(one, deps);
  }

  private async follow({ step, authorizationId, requestId, amount }: Order): Promise<'done' | 'refused'> {
    await this.wait(step);
    const known = this.network.get(authorizationId);
    if (!known) return 'refused';
    switch (step) {
      case 'adjust':
        Object.assign(known, { held: amount });
        return 'done';
      case 'reverse':
      case 'release':
        Object.assign(known, { held: 0n });
        return 'done';
      case 'capture':
        if (known.captured === 0n) Object.assign(known, { held: 0n, captured: amount });
        return 'done';
      case 'refund':
        if (this.heard.has(requestId)) return 'done';
        expect(known.refunded + amount).toBeLessThanOrEqual(known.captured);
        this.heard.add(requestId);
        known.refunded += amount;
        return 'done';
    }
  }

  private deps(): SettleDeps {
    return {
      journal: {
        begin: async (started) => {
          await this.wait('begin');
          const { continues } = started.terms ?? {};
          if (continues !== undefined && this.continuation(continues)) return false;
          this.journal.set(started.settlementId, started);
          return true;
        },
        commit: async (before, change) => {
          await this.wait('commit');
          return this.isAsBefore(before) && this.write(change);
        },
        find: async (key) => {
          await this.wait('find');
          return this.find(key);
        },
      },
      sales: {
        continuation: async (settlementId) => {
          await this.wait('continuation');
          return this.continuation(settlementId);
        },
        commitAll: async (changes) => {
          await this.wait('commit all');
          const last = changes.at(-1)?.before.settlementId ?? '';
          const isFree = changes.every(({ before }) => this.isAsBefore(before)) && !this.continuation(last);
          if (isFree) this.payers ??= changes.map(({ before }) => before.attemptId);
          return isFree && changes.every(({ change }) => this.write(change));
        },
      },
      network: {
        authorize: async ({ settlementId, authorizationId, amount }) => {
          await this.wait('authorize');
          const card = Number(this.journal.get(settlementId)?.attemptId.slice(1));
          const balance = this.terms.balances[card] ?? amount;
          const approvedAmount = balance < amount ? balance : amount;
          this.network.set(authorizationId, { held: approvedAmount, captured: 0n, refunded: 0n });
          const approval = { approvalCode: 'A', networkReference: 'R' };
          return { kind: 'approved', approval, approvedAmount };
        },
        reverse: () => Promise.resolve('no-answer'),
        capabilities: () => Promise.resolve(RAIL),
      },
      registry: {
        reserve: async () => {
          await this.wait('reserve');
          const { settledBy } = this.terms;
          const coupon = { couponId: 'c', offerId: 'o', title: 't', discount: DISCOUNT, settledBy };
          const lines = [{ lineId: '1', discount: DISCOUNT }];
          const funding = [{ party: 'p', amount: DISCOUNT }];
          return { couponSearch: 'found', coupons: [{ ...coupon, lines, funding }] };
        },
      },
      clock: { now: () => new Date(0), until: () => new Promise(() => undefined) },
      couponReturn: 'with-its-lines',
      lateCoupons: 'release',
      credits: { commitCredit: () => Promise.resolve(false) },
      afterwards: () => undefined,
      newId: () => `id-${++this.ids}`,
      reached: () => undefined,
      limits: {
        ...{ searchDeadlineMs: 1, attemptDeadlineMs: 10, reservationDeadlineMs: 20, confirmDeadlineMs: 10 },
        ...{ clockSkewMs: 1, earlySwapMs: 0, awaitAdjustMs: 0 },
      },
    };
  }

  private continuation(settlementId: string): Settlement | undefined {
    const may = (state: Settlement['state']) => state === 'started' || state === 'granted';
    return [...this.journal.values()].find(
      ({ terms, state }) => terms?.continues === settlementId && may(state),
    );
  }

  private isAsBefore({ settlementId, version }: Settlement): boolean {
    return this.journal.get(settlementId)?.version === version;
  }

  private write({ settlement }: Change): boolean {
    this.journal.set(settlement.settlementId, settlement);
    return true;
  }

  private find(key: SettlementKey): Settlement | undefined {
    if ('settlementId' in key) return this.journal.get(key.settlementId);
    return [...this.journal.values()].find((one) => 'attemptId' in key && one.attemptId === key.attemptId);
  }

  private command(last: Settlement | undefined): SettleCommand {
    const attemptId = `a${this.journal.size}`;
    const amount = last ? amountDueOf(last) : P;
    return {
      ...{ relay: 'r', payment: { kind: 'credit-card' }, fingerprint: attemptId },
      media: [{ kind: 'credit-card', token: 't:1' }],
      request: {
        ...{ attemptId, storeId: 's', terminalId: 't', presentedAt: '2017-03-26T17:22:21Z', amount },
        ...{ purpose: 'purchase', currency: 'USD', acceptPartialApproval: true, lines: last ? [] : LINES },
        capture: last ? this.terms.capture : 'immediate',
        ...(last && { continues: last.attemptId }),
      },
    };
  }

  private wait(label: string): Promise<void> {
    return this.isOrdered ? Promise.resolve() : this.turn(label);
  }
}

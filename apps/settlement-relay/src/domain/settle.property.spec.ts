import type { AppliedCoupon, Capabilities, FollowUpOutcome } from '@couplet/contracts';
import fc from 'fast-check';
import { LIVE_STATES, type Step } from './authorization-table.ts';
import { stepOf } from './bring-to-rest.ts';
import type { Change } from './decide.ts';
import { bringToRest, type Due } from './network-queue.ts';
import type { CardAnswer, CouponAnswer } from './recombine.ts';
import { settle } from './settle.ts';
import type { SettleCommand, SettleDeps, SettlementKey } from './settle-deps.ts';
import { phaseOf, type Settlement } from './settlement.ts';
import { cancel, confirm, decideOn, resolve, voidAttempt } from './verbs.ts';

const P = 386n;
const ACTIONS = ['settle', 'cancel', 'void', 'confirm', 'resolve', 'sweep', 'queue'] as const;
const RAIL: Capabilities = {
  shrink: true,
  finalPartialCapture: true,
  secondAuthorization: true,
  partialApproval: false,
  refund: true,
};

interface Circumstances {
  readonly balance: bigint;
  readonly discount: bigint;
  readonly rail: Pick<Capabilities, 'shrink' | 'finalPartialCapture' | 'secondAuthorization'>;
  readonly capture: 'immediate' | 'on-confirm';
  /** What goes wrong, in the order in which it is asked: true loses the answer, or dies. */
  readonly losses: readonly boolean[];
  readonly crashes: readonly boolean[];
  readonly refusals: readonly boolean[];
}

const rarely = fc.nat(9).map((n) => n === 9);
const circumstances: fc.Arbitrary<Circumstances> = fc.record({
  balance: fc.constantFrom(P, 300n, 100n),
  discount: fc.constantFrom(0n, 100n, P),
  rail: fc.record({
    shrink: fc.boolean(),
    finalPartialCapture: fc.boolean(),
    secondAuthorization: fc.boolean(),
  }),
  capture: fc.constantFrom('immediate', 'on-confirm'),
  losses: fc.array(rarely, { maxLength: 12 }),
  crashes: fc.array(rarely, { maxLength: 20 }),
  refusals: fc.array(fc.boolean(), { maxLength: 3 }),
});

/** Something done beside the first `settle`, after that many turns of others. */
const deeds = fc.array(fc.record({ action: fc.constantFrom(...ACTIONS), after: fc.nat(12) }), {
  maxLength: 8,
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
      world.expectRest(beside.some(({ action }) => action === 'cancel'));
    }),
    { numRuns: 700 },
  );
}, 60_000);

/** Journal, card network, registry and terminal of one attempt; every message and every commit waits for its turn. */
class World {
  private journal: Settlement | undefined;
  private readonly network = new Map<
    string,
    { state: 'held' | 'gone' | 'captured'; held: bigint; taken: bigint }
  >();
  private readonly told: string[] = [];
  private healing = false;
  private readonly losses: boolean[];
  private readonly crashes: boolean[];
  private readonly refusals: boolean[];
  private ids = 0;

  constructor(
    private readonly given: Circumstances,
    private readonly turn: (label: string) => Promise<void>,
  ) {
    [this.losses, this.crashes, this.refusals] = [[...given.losses], [...given.crashes], [...given.refusals]];
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
    for (let round = 0; round < 10; round++) {
      await this.sweep();
      await this.queue();
    }
  }

  expectRest(undone: boolean): void {
    const settlement = this.journal;
    if (!settlement) return; // Every settle died before its first commit.
    const phase = phaseOf(settlement);
    expect(['confirmed', 'cancelled', 'abandoned']).toContain(phase);
    for (const one of settlement.authorizations) expect(stepOf(settlement, one)).toBeNull();
    // This network refuses nothing that it was rightly asked, so nothing is a person's.
    const unfinished = settlement.authorizations.filter(
      ({ state }) => state === 'sending' || state === 'listed',
    );
    expect(unfinished).toEqual([]);
    const networks = [...this.network.values()];
    const taken = networks.reduce((sum, one) => sum + one.taken, 0n);
    expect(networks.reduce((sum, one) => sum + one.held, 0n)).toBe(0n);
    expect(taken).toBe(phase === 'confirmed' ? settlement.grant?.amount : 0n);
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

  private async settle(): Promise<void> {
    const cancelled = this.told.includes('cancelled');
    const answer = await settle(this.command(), this.deps());
    if (answer.kind !== 'answer') return;
    const { outcome, amount } = answer.reply;
    if (cancelled) expect(outcome).toBe('declined');
    this.told.push(outcome === 'approved' ? `approved ${amount}` : outcome);
  }
  private async cancel(): Promise<void> {
    this.told.push(await cancel({ relay: 'r', attemptId: 'a' }, this.deps()));
  }
  private async void(): Promise<void> {
    this.told.push(await voidAttempt({ relay: 'r', attemptId: 'a' }, this.deps()));
  }
  private async confirm(): Promise<void> {
    this.told.push(await confirm({ relay: 'r', attemptId: 'a' }, this.deps()));
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
  private async queue(): Promise<void> {
    const settlement = this.journal;
    for (const authorization of settlement?.authorizations ?? []) {
      if (!settlement || stepOf(settlement, authorization) === null) continue;
      const requestId = `${authorization.authorizationId}/${authorization.state}`;
      const due: Due = { settlement, authorization, requestId, tries: 1 };
      const network = { ask: (step: Step) => this.follow(step, due) };
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
        capabilities: () => Promise.resolve({ ...RAIL, ...this.given.rail }),
      },
      registry: { reserve: () => this.reserve() },
      clock: { now: () => new Date(0), until: () => this.wait('until') },
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
      },
    };
  }

  private commit(before: Settlement, { settlement }: Change): boolean {
    if (this.journal?.version !== before.version || this.journal.state !== before.state) return false;
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
    if (!known && amount > this.given.balance) {
      this.network.set(id, { state: 'gone', held: 0n, taken: 0n });
      return { kind: 'insufficient-funds' };
    }
    if (!known) this.network.set(id, { state: 'held', held: amount, taken: 0n });
    this.expectOneHold();
    return { kind: 'approved', approval: { approvalCode: 'A', networkReference: 'R' } };
  }

  private async follow(step: Step, { authorization }: Due): Promise<FollowUpOutcome | 'no-answer'> {
    await this.wait(`${step} arrives`);
    const outcome = this.act(step, authorization.authorizationId, authorization.amount);
    if (!this.healing && this.losses.shift()) return 'no-answer';
    await this.wait(`${step} answers`);
    return outcome;
  }

  private act(step: Step, id: string, amount: bigint): FollowUpOutcome {
    const known = this.network.get(id) ?? { state: 'gone', held: 0n, taken: 0n };
    this.network.set(id, known);
    switch (step) {
      case 'reverse':
        if (known.state === 'captured') return 'refused';
        Object.assign(known, { state: 'gone', held: 0n });
        return 'done';
      case 'adjust':
        if (known.state !== 'held' || (!this.healing && this.refusals.shift())) return 'refused';
        known.held = amount;
        return 'done';
      case 'capture':
        if (known.state === 'captured') return 'done';
        if (known.state !== 'held') return 'refused';
        expect(phaseOf(this.journal as Settlement)).not.toBe('granted');
        expect(amount).toBe(this.journal?.grant?.amount);
        Object.assign(known, { state: 'captured', held: known.held - amount, taken: amount });
        return 'done';
      case 'release':
        known.held = 0n;
        return 'done';
      case 'refund':
        known.taken = 0n;
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
    const { discount } = this.given;
    return discount > 0n ? { couponSearch: 'found', coupons: [aCoupon(discount)] } : { couponSearch: 'none' };
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
        acceptPartialApproval: false,
        lines: [],
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

const aCoupon = (discount: bigint): AppliedCoupon => ({
  couponId: 'c',
  offerId: 'o',
  title: 't',
  discount,
  lines: [],
  funding: [],
});

import { setTimeout as sleep } from 'node:timers/promises';
import { ScriptV1, type Capabilities } from '@couplet/contracts';
import { CAPABILITIES_TTL_MS } from '../settings.ts';
import { paymentCardOf } from '../../plan/cards.ts';
import { CURRENCY } from '../../plan/offers.ts';
import type { Operator } from '../../replay/operator.ts';
import type { SettleReply } from '../../replay/settled.ts';
import type { NatsConnection } from '../../topology/start-topology.ts';
import { SALE_NAMES, SALES, type SaleKind, type SaleName } from './sales.ts';
import type { Shop } from './shop.ts';
import { Till } from './till.ts';

/** Sales that were begun together. */
export interface Cohort {
  readonly attemptIds: readonly string[];
  /** What the tills were told that must still stand. Rejects if one was not answered. */
  readonly answers: Promise<SettleReply[]>;
}

/** Sales of every kind, each by a household of its own with a coupon of its own. */
export class Traffic {
  constructor(
    private readonly shop: Shop,
    private readonly operator: Operator,
    private readonly tills: NatsConnection,
  ) {}

  /** What the card network declares from now on, and keeps to. */
  async setRail(capabilities: Capabilities): Promise<void> {
    await this.operator.ask(ScriptV1, { capabilities });
    await sleep(CAPABILITIES_TTL_MS);
  }

  /** Prepares the sales, begins them all, and waits for none. */
  async sell(names: readonly SaleName[] = SALE_NAMES): Promise<Cohort> {
    return this.sellKinds(names.map((name): SaleKind => SALES[name]));
  }

  async sellKinds(kinds: readonly SaleKind[]): Promise<Cohort> {
    const sales = kinds.map((kind) => ({ kind, household: this.shop.newHousehold() }));
    await this.prepare(sales);
    const tills = sales.map(({ kind, household }) => ({
      kind,
      till: new Till(this.tills, this.shop.saleTo(household, kind)),
    }));
    const answers = Promise.all(tills.map(({ kind, till }) => kind.play(till)));
    answers.catch(() => undefined); // Whoever waits for them gets the rejection.
    return {
      attemptIds: tills.map(({ till }) => till.attemptId),
      answers: answers.then((told) => told.filter((reply) => reply !== undefined)),
    };
  }

  private async prepare(sales: readonly { kind: SaleKind; household: string }[]): Promise<void> {
    await this.shop.register(sales.map(({ household }) => household));
    await this.script(sales);
    await Promise.all(sales.map(({ kind, household }) => this.shop.giveCoupon(household, kind)));
  }

  private async script(sales: readonly { kind: SaleKind; household: string }[]): Promise<void> {
    const faults = sales.flatMap(({ kind: { network = [] }, household }) =>
      network.map((fault) => ({ ...fault, card: paymentCardOf(household) })),
    );
    const balances = sales.flatMap(({ kind: { balance }, household }) =>
      balance === undefined ? [] : [{ id: paymentCardOf(household), currency: CURRENCY, balance }],
    );
    if (faults.length === 0 && balances.length === 0) return;
    // Replaces what older sales have left: what they met of it they met.
    await this.operator.ask(ScriptV1, { ...(faults.length > 0 && { faults }), balances });
  }
}

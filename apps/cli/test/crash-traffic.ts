import { randomUUID } from 'node:crypto';
import { AcquireCouponsV1, RegisterHoldersV1, ScriptV1 } from '@couplet/contracts';
import { leadThroughLife } from '../src/faults/traffic/lead-through-life.ts';
import { paymentCardOf } from '../src/plan/cards.ts';
import { holderIdOf, holderOf } from '../src/plan/holders.ts';
import { planOffers, type OfferDraft } from '../src/plan/offers.ts';
import type { Settled } from '../src/replay/settled.ts';
import type { SampleSystem } from './sample-system.ts';
import { Till } from './till.ts';

const AMOUNT = 500;

/** What a till does with one sale; every branch of the protocol that a rail of kind S1 can take. */
type Scenario = (sale: Till) => Promise<Settled['answer']>;

const SCENARIOS: Record<string, { scenario: Scenario; capture?: 'on-confirm' }> = {
  plain: { scenario: (sale) => sale.settle() },
  plainToo: { scenario: (sale) => sale.settle() },
  confirmed: { scenario: then('confirm'), capture: 'on-confirm' },
  voided: { scenario: then('void'), capture: 'on-confirm' },
  /** Never confirmed: it voids by itself, so what the till was told does not stand. */
  forgotten: { scenario: (sale) => sale.settle(), capture: 'on-confirm' },
  cancelled: { scenario: then('cancel') },
  declined: { scenario: (sale) => sale.settle() },
  /** Short of funds at the full price, not at the discounted one. */
  poor: { scenario: (sale) => sale.settle() },
  /** The card network authorizes, and its answer is lost. */
  silent: { scenario: (sale) => sale.settle() },
  /** The card network refuses to shrink the hold. */
  kept: { scenario: (sale) => sale.settle() },
};

/** Sales of every kind, each by a household of its own with a coupon of its own. */
export class CrashTraffic {
  private readonly offer: OfferDraft;
  rounds = 0;

  constructor(private readonly system: SampleSystem) {
    const { offers } = planOffers(system.journey, { storeMatchUpTo: 100n });
    const dollarOff = offers.find(({ draft }) => draft.title === '$1.00 off');
    if (!dollarOff) throw new Error('the sample has no coupon of a dollar off one piece');
    this.offer = dollarOff.draft;
  }

  /** @returns what the tills were told that must still stand */
  async round(): Promise<Settled['answer'][]> {
    const round = ++this.rounds;
    const households = new Map(
      Object.keys(SCENARIOS).map((name, index) => [name, String(900_000 + round * 100 + index)]),
    );
    await this.prepare(households);
    const answers = await Promise.all(
      [...households].map(async ([name, household]) => {
        const { scenario, capture } = SCENARIOS[name]!;
        const answer = await scenario(this.saleOf(household, capture));
        return name === 'forgotten' ? [] : [answer];
      }),
    );
    return answers.flat();
  }

  private async prepare(households: ReadonlyMap<string, string>): Promise<void> {
    const { operator } = this.system;
    const cardOf = (name: string) => ({ card: paymentCardOf(households.get(name)!) });
    await operator.ask(RegisterHoldersV1, {
      holders: [...households.values()].map((household) => holderOf(household)),
    });
    await operator.ask(ScriptV1, {
      faults: [
        { verb: 'authorize', ...cardOf('silent'), action: { kind: 'silence', effect: 'done' }, times: 1 },
        {
          verb: 'authorize',
          ...cardOf('declined'),
          action: { kind: 'decline', reason: 'do-not-honour' },
          times: 1,
        },
        { verb: 'adjust', ...cardOf('kept'), action: { kind: 'refuse', reason: 'no' }, times: 1 },
      ],
      balances: [
        { id: paymentCardOf(households.get('poor')!), currency: 'USD', balance: BigInt(AMOUNT) - 50n },
      ],
    });
    await leadThroughLife(operator, { ...this.offer, offerId: randomUUID() }, String(800_000 + this.rounds));
    await Promise.all(
      [...households.values()].map((household) =>
        operator.ask(AcquireCouponsV1, {
          acquisitionId: randomUUID(),
          holderId: holderIdOf(household),
          channel: 'mobile',
          acquiredAt: this.offer.conditions.validFrom,
          offerIds: [this.offer.offerId],
        }),
      ),
    );
  }

  private saleOf(household: string, capture?: 'on-confirm'): Till {
    const productId = this.offer.terms.requires[0]!.productIds[0]!;
    const sale = { productId, amount: AMOUNT, presentedAt: this.offer.conditions.validFrom };
    return new Till(this.system.tills, household, sale, capture);
  }
}

/** Settles, goes on, and asks again how it stands. */
function then(verb: 'confirm' | 'void' | 'cancel'): Scenario {
  return async (sale) => {
    await sale.settle();
    await sale[verb]();
    return sale.settle();
  };
}

import { randomUUID } from 'node:crypto';
import {
  AcquireCouponsV1,
  ApproveOffersV1,
  CreateCampaignsV1,
  DraftOffersV1,
  ImportProductsV1,
  RecallV1,
  RegisterFundingPartiesV1,
  RegisterHoldersV1,
  SubmitOffersV1,
} from '@couplet/contracts';
import { paymentCardOf } from '../src/plan/cards.ts';
import { holderIdOf, holderOf } from '../src/plan/holders.ts';
import { Operator } from '../src/replay/operator.ts';
import { startTopology, type Topology, type TopologyOptions } from '../src/topology/start-topology.ts';
import { until } from './until.ts';

export const CEREAL = { productId: 'cereal', quantity: '2', unit: 'each', amount: 386, discountable: true };
const [VALID_FROM, VALID_TO] = ['2020-01-01T00:00:00Z', '2100-01-01T00:00:00Z'];

/** A running system in which shoppers hold coupons for cereal: 1.00 off at the till, or credited after the sale. */
export class TerminalShop {
  private shoppers = 0;

  private constructor(
    readonly topology: Topology,
    readonly operator: Operator,
    private readonly offerId: string,
    private readonly creditOfferId: string,
  ) {}

  static async open(options: TopologyOptions = {}): Promise<TerminalShop> {
    const topology = await startTopology({ durable: false, ...options });
    const operator = new Operator(await topology.connect('operator'));
    const [offerId, creditOfferId] = await approvedOffers(operator);
    return new TerminalShop(topology, operator, offerId, creditOfferId);
  }

  close = (): Promise<void> => this.topology.stop();

  /** @returns the numbers of a credit card and a point card of somebody who holds one coupon */
  async shopper(coupon: 'off' | 'credited' = 'off'): Promise<{ card: string; pointCard: string }> {
    const household = String((this.shoppers += 1));
    await this.operator.ask(RegisterHoldersV1, { holders: [holderOf(household)] });
    const acquired = { holderId: holderIdOf(household), channel: 'mobile' as const };
    const offerIds = [coupon === 'off' ? this.offerId : this.creditOfferId];
    const acquisition = { ...acquired, offerIds, acquiredAt: new Date().toISOString() };
    const acquire = () =>
      this.operator.ask(AcquireCouponsV1, { acquisitionId: randomUUID(), ...acquisition });
    await until(() => acquire().then(Boolean, () => false));
    return { card: paymentCardOf(household), pointCard: household };
  }

  /** What the card network remembers of all sales. */
  async authorizations() {
    return (await this.operator.ask(RecallV1, { limit: 1_000 })).authorizations;
  }
}

async function approvedOffers(operator: Operator): Promise<[off: string, credited: string]> {
  const [campaignId, party] = [randomUUID(), 'manufacturer:36200'];
  const [off, credited] = [randomUUID(), randomUUID()];
  const facts = { manufacturer: '36200', department: 'GROCERY', brand: 'National', category: 'COLD CEREAL' };
  await operator.ask(ImportProductsV1, {
    products: [{ productId: CEREAL.productId, ...facts, type: 'CEREAL', packageSize: '12 OZ' }],
  });
  await operator.ask(RegisterFundingPartiesV1, { parties: [{ party, kind: 'manufacturer', title: party }] });
  const campaign = { campaignId, title: 'Spring', startsAt: VALID_FROM, endsAt: VALID_TO };
  await operator.ask(CreateCampaignsV1, { createdBy: 'ada', campaigns: [campaign] });
  const terms = {
    currency: 'USD',
    requires: [{ productIds: [CEREAL.productId], quantity: 1 }],
    reward: { kind: 'amount-off' as const, amount: 100n },
    funding: [{ party, shareBps: 10_000 }],
  };
  const conditions = { purposes: ['purchase'], validFrom: VALID_FROM, validTo: VALID_TO };
  const later = { ...conditions, settledBy: 'statement-credit' as const };
  const offers = [
    { offerId: off, campaignId, title: '1.00 off cereal', terms, conditions },
    { offerId: credited, campaignId, title: '1.00 back on cereal', terms, conditions: later },
  ];
  const offerIds = [off, credited];
  await operator.ask(DraftOffersV1, { draftedBy: 'ada', offers });
  await operator.ask(SubmitOffersV1, { submittedBy: 'ada', offerIds });
  await operator.ask(ApproveOffersV1, { approvedBy: 'grace', offerIds });
  return [off, credited];
}
